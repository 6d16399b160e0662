"""Our reading of Python's binding rules agrees with Python's own."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from workers.repository.python.binding import Arguments, Shape, misfit

NAMES = ("a", "b", "c", "d")


@st.composite
def headers(draw: st.DrawFn) -> str:
    """A parameter list such as `a, /, b=0, *, c, **rest`."""
    count = draw(st.integers(0, 4))
    only, stop = draw(st.integers(0, count)), draw(st.integers(0, count))
    only = min(only, stop)
    first_default = draw(st.integers(0, stop))
    parts = [name + ("=0" if at >= first_default else "") for at, name in enumerate(NAMES[:stop])]
    if only:
        parts.insert(only, "/")
    keywords = [name + draw(st.sampled_from(["", "=0"])) for name in NAMES[stop:count]]
    star = (
        draw(st.sampled_from(["*rest", "*"])) if keywords else draw(st.sampled_from(["", "*rest"]))
    )
    parts += ([star] if star else []) + keywords
    return ", ".join(parts + (["**more"] if draw(st.booleans()) else []))


@given(
    header=headers(),
    positional=st.integers(0, 5),
    keywords=st.lists(st.sampled_from((*NAMES, "other")), unique=True),
)
def test_misfit_is_what_python_would_raise(
    header: str, positional: int, keywords: list[str]
) -> None:
    code = compile(f"lambda {header}: None", "header", "eval")
    passed = Arguments(positional, tuple(keywords))
    node = ast.parse(f"def f({header}): pass").body[0]
    assert isinstance(node, ast.FunctionDef)
    try:
        # A real call: `Signature.bind` refuses `f(a=1)` of `def f(a=0, /, **more)`.
        eval(code)(*range(positional), **dict.fromkeys(keywords, 0))  # noqa: S307 - made above
        binds = True
    except TypeError:
        binds = False
    assert (misfit(Shape.of(node.args, bound=False), passed) == "") is binds


def test_a_receiver_fills_the_first_parameter() -> None:
    node = ast.parse("def put(self, a): pass").body[0]
    assert isinstance(node, ast.FunctionDef)
    assert misfit(Shape.of(node.args, bound=True), Arguments(1, ())) == ""
    assert misfit(Shape.of(node.args, bound=False), Arguments(1, ())) == "it does not pass `a`"
