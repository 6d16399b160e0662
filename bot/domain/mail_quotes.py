"""Where the mail that a reply answers begins: mail programs quote all of it below the reply. Pure.

They write the line above it in the language of their user, so it is told by its shape: a date, and
an address or a verb of a closed list, and a colon at the end.
"""

from __future__ import annotations

import re

_LONGEST_LINE = 600
_DATE = r"(?:\d[:.]\d\d|\d{4})"
_ADDRESS = r"[<(\[][^<>()\[\]\s]{1,200}@[^<>()\[\]\s]{1,200}[>)\]]"
_DAY = r"(?:On|Am|Le|El|Em|Il|Op|Den|W dniu|\d)\b"
_WROTE = (
    r"\b(?:wrote|schrieb|schreef|skrev|a \u00e9crit|escribi\u00f3|escreveu|ha scritto"
    r"|napisa\u0142[(\w)]*|kirjoitti|\u043d\u0430\u043f\u0438\u0441\u0430\u043b\w*)"
)
_HEADER = re.compile(
    rf"On .{{0,300}}{_ADDRESS}.{{0,300}}wrote:"
    rf"|(?=.*{_DATE}).{{0,300}}{_ADDRESS}.{{0,60}}[:\uff1a]"
    rf"|(?=.*{_DATE}){_DAY}.{{0,300}}{_WROTE}.{{0,60}}[:\uff1a]"
)
_FIELD = r"[^\W\d_]{1,20}(?: [^\W\d_]{1,20})? ?[:\uff1a]"
_FIELDS = re.compile(
    rf"[*_]*{_FIELD}.{{0,300}}{_ADDRESS}.{{0,60}}\n[*_]*{_FIELD}.{{0,80}}{_DATE}.*"
)
_TAIL = re.compile(
    r"-- $|_{32}$|Reply to this email directly"
    r"|-{4,} ?(?:\w{1,20}[ '\u2019]){0,3}(?:original|forward|origin|nachricht|mensaje|mensagem"
    r"|messaggio|message|bericht)[\w ]{0,20}-{4,}$",
    re.IGNORECASE,
)


def is_mail_tail(line: str) -> bool:
    """A signature's mark, or a rule such as `-----Original Message-----`."""
    return _TAIL.match(line) is not None


def header_lines(before: str, line: str) -> int:
    """How many lines, this one the last, head quoted mail (0: none). `before`: the line above.

    `On <date>, <someone> wrote:` may be broken in two; `From: <someone>` is followed by a date.
    """
    if len(line) > _LONGEST_LINE or len(before) > _LONGEST_LINE:
        return 0
    said = line.strip()
    if before and _FIELDS.fullmatch(f"{before.strip()}\n{said}"):
        return 2
    if not said.endswith((":", "\uff1a")):
        return 0
    if _HEADER.fullmatch(said):
        return 1
    return 2 if before and _HEADER.fullmatch(f"{before} {said}".strip()) else 0
