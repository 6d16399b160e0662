"""JavaScript read as text with places: literals are blanked, exports and imports are read off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repository.scripts.exports import script_exports
from workers.repository.scripts.imports import ScriptImport, script_imports
from workers.repository.scripts.text import script_text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a('b') // c", 'a(" ")     '),
        ("/* { */ x", "        x"),
        ("x = `a${b}c`", 'x = "  "b" "'),
        ("x = `a${`b${c}`}`", 'x = "  ""  "c""""'),
        ("x = `${{a: 1}}`", 'x = " "{a: 1}""'),
        (r"x = /['\"{]/g.test(y)", 'x = "       ".test(y)'),
        ("x = a / b / c", "x = a / b / c"),
        ("x = (a) / 2; y = '/'", 'x = (a) / 2; y = " "'),
        ("return /{/", 'return " "'),
        ("<p>Don't</p>{x}", "<p>Don t</p>{x}"),
        ("<a b={c}/><i>it's</i>", "<a b={c}/><i>it s</i>"),
    ],
)
def test_comments_and_insides_of_literals_are_blanked(text: str, code: str) -> None:
    script = script_text(text)
    assert script is not None
    assert script.code == code


@pytest.mark.parametrize("text", ["x = {", "x = `a", "x = )", "x = /a", "x = 1 /* a"])
def test_what_does_not_read_as_a_script_is_not_read(text: str) -> None:
    assert script_text(text) is None


@pytest.mark.parametrize("piece", ["\\'", '\\"', "/*a", "'a\\'"])
def test_half_a_million_characters_that_never_end_are_read_once(piece: str) -> None:
    """In a stranger's file: each sign looked for its end in all that follows."""
    script = script_text("x = 1\n" + piece * (500_000 // len(piece)))
    assert (script is None) is (piece == "/*a")


@given(st.text(alphabet="ab '\"`/*\\${}()[]\n=,;", max_size=60))
def test_any_text_is_refused_or_keeps_its_places(text: str) -> None:
    script = script_text(text)
    if script is not None:
        assert len(script.code) == len(text)
        newlines = [at for at, character in enumerate(text) if character == "\n"]
        assert [at for at, character in enumerate(script.code) if character == "\n"] == newlines
        list(script_imports(script))
        script_exports(script)


@pytest.mark.parametrize(
    ("text", "names", "is_open"),
    [
        ("export const a = 1, b = 2", ["a"], True),
        ("export const a = [1, 2]", ["a"], False),
        ("export async function* a() {}\nexport class B {}", ["a", "B"], False),
        ("export default class A {}", ["default"], False),
        ("export { a, b as c, default as d, type T }", ["a", "c", "d"], False),
        ("export { a } from './a'\nexport * as n from './n'", ["a", "n"], False),
        ("export const { a, b: c, ...d } = x", ["a", "c", "d"], False),
        ("export type A = 1\nexport interface B {}\nexport enum C {}", ["C"], False),
        ("export = x", [], True),
        ("function f() { export_(1) }", [], False),
        ("exports.a = 1\nmodule.exports.b = 2", ["a", "b"], False),
        (
            "module.exports = { a, b: 1, c() {}, async d() {}, 'e-f': 2 }",
            ["a", "b", "c", "d", "e-f"],
            False,
        ),
        ("module.exports = { ...x, a }", ["a"], True),
        ("module.exports = { [x]: 1 }", [], True),
        ("module.exports = f\nfunction f() {}\nf.a = 1\nmodule.exports.b = 2", ["a", "b"], False),
        ("const f = { a }\nmodule.exports = f", ["a"], False),
        ("module.exports = make()", [], True),
        ("exports = module.exports = f\nfunction f() {}\nexports.a = 1", ["a"], False),
        ("Object.assign(exports, x)", [], True),
        ("if (exports.a) {}", [], False),
        ("// module.exports = { a }", [], False),
    ],
)
def test_exports(text: str, names: list[str], is_open: bool) -> None:
    script = script_text(text)
    assert script is not None
    found = script_exports(script)
    assert (sorted(found.names), found.open) == (sorted(names), is_open)


def test_names_passed_on_from_another_module() -> None:
    for text in ("export * from './a'", "module.exports = require('./a')"):
        script = script_text(text)
        assert script is not None
        assert script_exports(script).stars == ["./a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a from './m'", [("default", "a", "linked")]),
        ("import a, { b as c } from './m'", [("default", "a", "linked"), ("b", "c", "linked")]),
        ("import * as n from './m'", [("", "n", "linked")]),
        ("import {\n  a,\n  type T,\n} from './m'", [("a", "a", "linked")]),
        ("import type { T } from './m'", []),
        ("import type from './m'", [("default", "type", "linked")]),
        ("import './m'", [("", "", "linked")]),
        ("export { a as b } from './m'", [("a", "b", "reexported")]),
        ("export * from './m'", [("", "", "reexported")]),
        ("const m = require('./m')", [("", "m", "required")]),
        (
            "const { a, b: c = 1 } = require('./m')",
            [("a", "a", "required"), ("b", "c", "required"), ("", "", "required")],
        ),
        ("require('./m').a()", [("a", "", "required")]),
        ("const { a } = await import('./m')", [("a", "a", "required"), ("", "", "required")]),
        ("require(x)", []),
        ("// import a from './m'", []),
        ("x.require('./m')", []),
    ],
)
def test_imports(text: str, found: list[tuple[str, str, str]]) -> None:
    script = script_text(text)
    assert script is not None
    assert [(one.name, one.alias, one.way) for one in script_imports(script)] == found


def test_an_import_knows_its_line_and_what_catches_it() -> None:
    script = script_text("\ntry {\n  m = require('./m')\n} catch {}\n")
    assert script is not None
    assert list(script_imports(script)) == [ScriptImport("./m", "", "", 3, "required", True)]
