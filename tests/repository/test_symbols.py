"""Which definitions a change touches: what is added, removed, renamed, moved, and what is not."""

from __future__ import annotations

import pytest

from tests.repository.edited import edits, lines, told

LONG = "    x = compute(1)\n    y = combine(x, other=3)\n    return x + y * scale(x)\n"


def test_added_and_removed() -> None:
    assert lines("def a():\n    return 1\n", "def b():\n    yield from range(9)\n") == [
        "added b",
        "removed a",
    ]


def test_a_rename_is_known_by_its_body() -> None:
    assert lines("def old():\n" + LONG, "def new():\n" + LONG) == ["renamed old -> new"]


def test_a_renamed_class_takes_its_methods_with_it() -> None:
    before = f"class Old:\n    def a(self):\n    {LONG}    def b(self):\n        return 1\n"
    after = before.replace("Old", "New").replace("return 1", "return 2")
    assert lines(before, after) == ["renamed Old -> New", "body New.b"]


def test_reformatting_and_comments_are_no_change() -> None:
    before = 'def a(x, y):\n    return call(x, "k")\n'
    after = (
        "def a(\n    x,  # first\n    y,\n):\n    # now\n    return (\n        call(x, 'k')\n    )"
    )
    assert lines(before, after) == []


def test_indentation_is_code_in_python() -> None:
    before = "def a(x):\n    if x:\n        b()\n        c()\n"
    assert lines(before, before.replace("        c", "    c")) == ["body a"]


def test_the_definition_that_others_can_name_takes_the_change() -> None:
    before = (
        "class A:\n    def f(self):\n        def g():\n            return 1\n        return g\n"
    )
    assert lines(before, before.replace("return 1", "return 2")) == ["body A.f"]


def test_nothing_changed_is_nothing() -> None:
    assert lines("def a():\n    pass\n", "def a():\n    pass\n") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rb", "class A\n  def go(*) yield end\n  def on(a, **, &) = f(a, **, &)\nend\nX = {}\n"),
        ("a.py", "def go(a, /, *, b): pass\nX = 1\n"),
        ("a.h", "int go(int, char *, ...);\nint on(void);\n#define X 1\n"),
        ("a.cpp", "int go(int, char *, int = 3) { return 1; }\nint X = 1;\n"),
        ("a.go", "package a\n\nfunc go(int, ...string) {}\n\nvar X = 1\n"),
        ("a.rs", "fn go(_: u8, _: u8) {}\nconst X: u8 = 1;\n"),
        ("a.ts", "function go({ a }, [b], _, ...rest) {}\nconst X = 1;\n"),
        ("a.php", "<?php\nfunction go(int ...$a) {}\nconst X = 1;\n"),
    ],
)
def test_parameters_without_a_name_are_no_change_of_signature(path: str, text: str) -> None:
    """In a file of which something else changed."""
    changed = {line.split()[1] for line in lines(text, f"{text}\n", path)}
    assert changed == set()
    assert not [line for line in lines(text, text.replace("X", "Y"), path) if "signature" in line]


def test_a_splat_without_a_name_that_comes_or_goes_is_told() -> None:
    assert lines("def go(a, *) = f(a)\n", "def go(a, **) = f(a)\n", "a.rb") == [
        "signature go: no longer takes `*`; takes a new optional parameter `**`"
    ]


def test_overloads_are_paired_by_their_parameters() -> None:
    before = "class A { void f(int a) {x();} void f(String s, int b) {y();} }"
    after = (
        "class A { void f(long z) {q();} void f(String s, int b, int c) {y();} "
        "void f(int a) {x();} }"
    )
    assert lines(before, after, "A.java") == [
        "added A.f",
        "signature A.f: now requires the parameter `c`",
    ]


def test_a_setter_is_paired_with_the_setter() -> None:
    before = (
        "class A:\n    @property\n    def x(self):\n        return 1\n"
        "    @x.setter\n    def x(self, v):\n        self.v = v\n"
    )
    swapped = (
        "class A:\n    @x.setter\n    def x(self, v):\n        self.w = v\n"
        "    @property\n    def x(self):\n        return 1\n"
    )
    assert lines(before, swapped) == ["body A.x"]


def test_an_overload_stub_is_paired_with_a_stub() -> None:
    before = (
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
        "def f(a):\n    return a\n"
    )
    assert lines(before, before.replace("-> str", "-> bytes")) == [
        "signature f: its return type changed from `str` to `bytes`"
    ]


def test_an_annotation_is_no_change_of_signature() -> None:
    before = "class A { public void f() { g(); } }"
    after = "class A { @Override public void f() { g(); } }"
    assert lines(before, after, "A.java") == ["body A.f: gained `@Override`"]


def test_a_function_moves_to_another_file() -> None:
    before = {"a.py": "def f():\n" + LONG, "b.py": "x = 1\n"}
    after = {"a.py": "", "b.py": "x = 1\ndef f():\n" + LONG}
    assert [told(edit) for edit in edits(before, after)] == ["moved f: moved from `a.py` to `b.py`"]


def test_what_moved_and_changed_says_both() -> None:
    before = {"a.py": "def f(n):\n" + LONG, "b.py": ""}
    after = {"a.py": "", "b.py": "def f(n, m):\n" + LONG}
    assert [told(edit) for edit in edits(before, after)] == [
        "moved f: moved from `a.py` to `b.py`; now requires the parameter `m`"
    ]


def test_a_long_body_is_known_by_another_name_in_another_file() -> None:
    body = LONG + "".join(f"    step({n}, {n + 1})\n" for n in range(12))
    before = {"a.py": "def f():\n" + body, "b.py": ""}
    after = {"a.py": "", "b.py": "def g():\n" + body}
    assert [told(edit) for edit in edits(before, after)] == [
        "moved f -> g: moved from `a.py` to `b.py`"
    ]


def test_a_moved_class_takes_its_methods_with_it() -> None:
    text = f"class A:\n    def a(self):\n    {LONG}    def b(self):\n        return 1\n"
    before, after = {"a.py": text, "b.py": ""}, {"a.py": "", "b.py": text}
    assert [told(edit) for edit in edits(before, after)] == ["moved A: moved from `a.py` to `b.py`"]


def test_a_name_that_its_old_place_hands_on_is_no_break() -> None:
    before = {"a.py": "def f():\n" + LONG, "b.py": ""}
    after = {"a.py": "from b import f\n", "b.py": "def f():\n" + LONG}
    [edit] = edits(before, after)
    assert told(edit) == "moved f: moved from `a.py` to `b.py`; its old place still hands it on"


def test_a_barrel_hands_on_what_moved_not_what_is_gone() -> None:
    moved = "export function f() {\n  const x = compute(1);\n  return combine(x, scale(x));\n}\n"
    before = {"a.ts": f"{moved}export function g() {{ return 1 }}\n", "b.ts": ""}
    after = {"a.ts": "export * from './b';\n", "b.ts": moved}
    assert [told(edit) for edit in edits(before, after)] == [
        "removed g",
        "moved f: moved from `a.ts` to `b.ts`; its old place still hands it on",
    ]


def test_a_move_within_a_package_concerns_nobody() -> None:
    body = "package p\nfunc F(a int) int {\n\tx := compute(a)\n\treturn x + scale(x)\n}\n"
    [edit] = edits({"p/a.go": body, "p/b.go": ""}, {"p/a.go": "package p\n", "p/b.go": body})
    assert edit.change == "moved"
    assert not any(aspect.concerns_users for aspect in edit.aspects)


def test_small_bodies_that_look_alike_are_not_the_same() -> None:
    before = "class A:\n    def name(self):\n        return self._name\n"
    after = "class A:\n    def size(self):\n        return self._size\n"
    assert lines(before, after) == ["added A.size", "removed A.name"]


def test_a_constant_is_renamed_with_its_value() -> None:
    assert lines("OLD_TIMEOUT = 30\n", "NEW_TIMEOUT = 30\n") == [
        "renamed OLD_TIMEOUT -> NEW_TIMEOUT"
    ]


def test_another_name_in_the_same_place_is_no_move() -> None:
    others = "".join(f"def f{n}(a):\n    return call(a, {n})\n" for n in range(60))
    body = LONG + "".join(f"    step({n}, {n + 1})\n" for n in range(12))
    before, after = f"{others}def p(a):\n{body}", f"{others}def q(a):\n{body}"
    assert lines(before, after) == ["renamed p -> q"]


def test_what_stands_in_a_class_that_came_or_went_is_not_told_apart() -> None:
    before = "class A:\n    def f(self):\n        return 1\n"
    after = "class B:\n    def g(self, other):\n        yield from other\n"
    assert lines(before, after) == ["added B", "removed A"]


def test_a_deeply_nested_file_does_not_overflow() -> None:
    deep = "x = " + "(" * 5_000 + "1" + ")" * 5_000 + "\n"
    assert lines(deep, deep.replace("1", "2")) in (["body x"], [])


DOCUMENTED = {
    "a.py": '@cached\ndef f(x):\n    """Says."""\n    return x\n',
    "a.ts": "/** Says. */\n@cached\nexport class F { f() { return 1; } }\n",
    "a.go": "package p\n// Says.\nfunc F() int { return 1 }\n",
    "A.java": "/** Says. */\n@Cached\nclass F { int f; }\n",
    "a.kt": "/** Says. */\n@Cached\nclass F(val f: Int)\n",
    "a.rb": "# Says.\ndef f(x)\n  x\nend\n",
    "a.rs": "/// Says.\n#[cached]\npub fn f() -> u8 { 1 }\n",
    "a.c": "/* Says. */\nint f(void) { return 1; }\n",
    "a.cpp": "// Says.\ntemplate <typename T> class F { int f; };\n",
    "A.cs": "/// <summary>Says.</summary>\n[Cached]\nclass F { int f; }\n",
    "a.php": "<?php\nnamespace A;\n/** Says. */\n#[Cached]\nclass F {}\n",
}


@pytest.mark.parametrize("path", DOCUMENTED)
def test_changed_documentation_is_no_changed_body(path: str) -> None:
    before = DOCUMENTED[path]
    name = "f" if path in ("a.py", "a.rb", "a.rs", "a.c") else "F"
    [changed] = lines(before, before.replace("Says.", "Says more."), path)
    assert changed == f"documentation {name}: its documentation changed"


def test_documentation_that_came_or_went_is_told() -> None:
    bare, documented = "def f():\n    return 1\n", 'def f():\n    """Says."""\n    return 1\n'
    assert lines(bare, documented) == ["documentation f: is now documented"]
    assert lines(documented, bare) == ["documentation f: is no longer documented"]


def test_documentation_without_prose_is_documentation() -> None:
    bare = "class A { int a; }"
    inherited = f"/** {{@inheritDoc}} */\n{bare}"
    assert lines(bare, inherited, "A.java") == ["documentation A: is now documented"]
    assert lines(inherited, bare, "A.java") == ["documentation A: is no longer documented"]


def test_documentation_wrapped_otherwise_is_no_change() -> None:
    before = 'def f():\n    """Says a thing,\n    and another."""\n    return 1\n'
    after = 'def f():\n    """\n    Says a thing, and another.\n    """\n    return 1\n'
    assert lines(before, after) == []


def test_a_contract_that_changed_with_its_documentation_says_both() -> None:
    before = "package p\n// F says.\nfunc F(a int) int { return a }\n"
    after = "package p\n// F says b.\nfunc F(a, b int) int { return a }\n"
    assert lines(before, after, "a.go") == [
        "signature F: now requires the parameter `b`; its documentation changed"
    ]


def test_documentation_left_as_it_was_is_no_claim() -> None:
    before = 'def f(a):\n    """Adds."""\n    return a\n'
    after = 'def f(a, b):\n    """Adds."""\n    raise KeyError(b)\n'
    [told] = lines(before, after)
    assert "documentation" not in told


def test_documentation_inside_a_function_is_no_change_of_its_body() -> None:
    before = 'def f():\n    def g():\n        """Says."""\n        return 1\n    return g\n'
    assert lines(before, before.replace("Says", "Tells")) == []


def test_a_string_that_runs_code_is_no_documentation() -> None:
    before = 'def f(x):\n    f"""{x()}"""\n    return x\n'
    assert lines(before, before.replace("x()", "x")) == ["body f"]


def test_a_member_told_by_its_enum_is_not_told_again_for_its_documentation() -> None:
    before = "enum Kind {\n  /** One. */\n  A = 1,\n}\n"
    after = "enum Kind {\n  /** Two. */\n  A = 2,\n}\n"
    assert lines(before, after, "a.ts") == ["body Kind: `A` changed from `1` to `2`"]


def test_documentation_alone_concerns_nobody() -> None:
    before = DOCUMENTED["a.go"]
    [edit] = edits({"a.go": before}, {"a.go": before.replace("Says.", "Panics.")})
    assert not any(aspect.concerns_users for aspect in edit.aspects)


UNTOUCHED = {
    "a.ts": "export function run() { return 1 }\nexport function two() { return 2 }\n",
    "a.js": "function run() { return 1 }\nfunction two() { return 2 }\n",
    "a.go": "package a\nfunc run() { return }\nfunc two() int { return 2 }\n",
    "A.java": "class A { void run() { } int two() { return 1; } }\n",
    "a.rb": "def run\n  1\nend\n\ndef two\n  2\nend\n",
    "a.rs": "fn run() { 1 }\nfn two() -> i32 { 2 }\n",
    "a.php": "<?php\nfunction run() { return 1; }\nfunction two() { return 2; }\n",
    "a.kt": "fun run() { }\nfun two(): Int { return 1 }\n",
    "a.c": "int run(void) { return 1; }\nint two(void) { return 2; }\n",
    "a.cpp": "int run() { return 1; }\nint two() { return 2; }\n",
    "A.cs": "class A { void Run() { } int two() { return 1; } }\n",
    "a.py": "class A:\n  def run(self):\n    return 1\n\n  def two(self):\n    return 2\n",
}


@pytest.mark.parametrize("path", UNTOUCHED)
@pytest.mark.parametrize("broken", ["no end of its parameters", "no end of its body"])
def test_a_syntax_error_takes_no_other_definition_away(path: str, broken: str) -> None:
    """The text still holds the name, so that it is gone is not said of it, nor that it moved."""
    before = UNTOUCHED[path]
    cut = ")" if broken == "no end of its parameters" else "\nend" if path == "a.rb" else "}"
    at = before.find(cut)
    after = before[:at] + before[at + len(cut) :]
    gone = {edit.change for edit in edits({path: before}, {path: after})}
    assert gone.isdisjoint({"removed", "renamed", "moved"})


def test_what_a_grammar_always_missed_hides_nothing_that_is_removed() -> None:
    """A macro of C is an error on both sides."""
    kept = "FOR_EACH(x) go;\nint user(void) { return run(); }\n"
    assert lines(f"{kept}int run(void) {{ return 1; }}\n", kept, "a.c") == ["removed run"]
