"""Which program made an index: another one's is thrown away, not read."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import workers.repository.documentation
import workers.repository.outline
import workers.repository.outlines
import workers.repository.parsed

_LAYOUT = 2
"""Of the tables. Raise it when their meaning changes."""


@cache
def index_version() -> str:
    """A digest of the tables' layout, of all rules of languages and of the installed grammars.

    Computed from the files themselves, so that nobody has to remember to raise a number.
    """
    digest = sha256(f"layout {_LAYOUT}\n".encode())
    package = Path(workers.repository.outlines.__path__[0])
    plain = (
        workers.repository.documentation.__file__,
        workers.repository.outline.__file__,
        workers.repository.parsed.__file__,
    )
    for path in sorted([*package.glob("*.py"), *map(Path, plain)]):
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    for grammar in _grammars():
        digest.update(grammar.encode())
    return digest.hexdigest()[:16]


def _grammars() -> list[str]:
    """`NAME-VERSION.dist-info` of the parser and its grammars.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    """
    parser = find_spec("tree_sitter")
    if parser is None or parser.origin is None:
        return []
    return sorted(
        path.name for path in Path(parser.origin).parent.parent.glob("tree_sitter*.*-info")
    )
