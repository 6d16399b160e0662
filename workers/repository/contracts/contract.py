"""What the users of one definition can rely on, read off its text. Plain values, no parser's node.

Every text here has its layout removed, so that reformatted code compares equal. It is read of
changed files only: to find who uses a name, an outline is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ParameterKind = Literal["plain", "positional", "keyword", "rest", "keywords", "block"]
"""How a call fills it: by place or name, only by place, only by name, `*rest`, `**keywords`."""
MemberKind = Literal["member", "field", "part"]
ReturnedKind = Literal["nothing", "null", "tuple", "keys", "value"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, without the receiver that a method call fills. `default` is as written."""

    name: str
    type: str = ""
    default: str = ""
    kind: ParameterKind = "plain"
    optional: bool = False

    @property
    def required(self) -> bool:
        """Whether a call has to pass it."""
        return not (self.optional or self.default or self.kind in ("rest", "keywords", "block"))


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enum or union, or a field. `text` is its declared type or its value.

    kind "part": a field that whoever builds the whole has to know (structs, records, interfaces).
    """

    name: str
    text: str = ""
    kind: MemberKind = "field"


@dataclass(frozen=True, slots=True)
class Returned:
    """The shape of one `return`: a tuple of `size` values, a mapping with these literal keys."""

    kind: ReturnedKind
    size: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract of one definition.

    `parameters` is None for what cannot be called. `type` is the declared type of a value or of
    what is returned. `code` is a digest of its own words (those of the definitions inside it left
    out), comments, doc strings and layout apart; `header` the words before its body, without
    annotations; `documentation` those of its comment or doc string, "" where it has none.
    """

    visibility: str = ""
    modifiers: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] | None = None
    type: str = ""
    value: str = ""
    returned: tuple[Returned, ...] = ()
    raised: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    has_body: bool = False
    code: str = ""
    header: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What one call passes, as its text says.

    `spread`: something is passed whose number is not in the text (`*args`, `...rest`). `unpacked`
    is the number of names that its result is taken apart into, 0 where it is not; `used` is False
    where the result is dropped.
    """

    name: str
    receiver: str
    line: int
    positional: int = 0
    keywords: tuple[str, ...] = ()
    spread: bool = False
    awaited: bool = False
    unpacked: int = 0
    used: bool = True
