"""Where the mail that a reply answers begins: mail programs quote all of it below the reply. Pure.

They write the line above it in the language of their user, so it is told by its shape: a date, and
an address or a verb of a closed list, and a colon at the end. GitHub writes `***@***.***>` for each
address. What is missed here is read as the words of whoever replied, and done with their rights.
"""

from __future__ import annotations

import re

_LONGEST_LINE = 600
_DATE = r"(?:\d[:.]\d\d|\d{4})"
_ADDRESS = r"(?:[<(\[][^<>()\[\]\s]{1,200}@[^<>()\[\]\s]{1,200}[>)\]]|\*{3}@\*{3}\.\*{3}>?)"
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
_FIELD = r"[*_]*[^\W\d_]{1,20}(?: [^\W\d_]{1,20})? ?[:\uff1a]"
_FROM = (
    r"[*_]*(?:From|Von|De|Da|Van|Fra|Fr\u00e5n|Od|Kimden|L\u00e4hett\u00e4j\u00e4|\u041e\u0442"
    r"|\u53d1\u4ef6\u4eba|\u5bc4\u4ef6\u8005|\u5dee\u51fa\u4eba|\ubcf4\ub0b8 \uc0ac\ub78c)"
    r"[*_]* ?[:\uff1a]"
)
_DATED = rf"{_FIELD}.{{0,80}}{_DATE}"
_FIELDS = re.compile(
    rf"{_FIELD}.{{0,300}}{_ADDRESS}.{{0,60}}\n{_DATED}.*"
    rf"|{_DATED}.*\n{_FIELD}.{{0,300}}{_ADDRESS}.*"
    rf"|{_FROM}.*\n{_DATED}.*"
)
_SENDER = re.compile(rf"{_FROM}.{{0,300}}(?:{_ADDRESS}|[^\s@<>]{{1,100}}@[^\s@<>]{{1,100}}).*")
_TAIL = re.compile(
    r"-- $|_{32}$|Reply to this email directly|-{2,} ?On .{1,300} wrote ?-{2,}$"
    r"|-{4,} ?(?:\w{1,20}[ '\u2019]){0,3}(?:original|forward|origin|nachricht|mensaje|mensagem"
    r"|messaggio|message|bericht)[\w ]{0,20}-{4,}$",
    re.IGNORECASE,
)


def is_mail_tail(line: str) -> bool:
    """A signature's mark, or a rule such as `-----Original Message-----`."""
    return _TAIL.match(line) is not None


def header_lines(before: str, line: str) -> int:
    """How many lines, this one the last, head quoted mail (0: none). `before`: the line above.

    `On <date>, <someone> wrote:` may be broken in two. `From: <someone>` names an address, or has
    a date beside it.
    """
    if len(line) > _LONGEST_LINE or len(before) > _LONGEST_LINE:
        return 0
    said = line.strip()
    if before and _FIELDS.fullmatch(f"{before.strip()}\n{said}"):
        return 2
    if _SENDER.fullmatch(said):
        return 1
    if not said.endswith((":", "\uff1a")):
        return 0
    if _HEADER.fullmatch(said):
        return 1
    return 2 if before and _HEADER.fullmatch(f"{before} {said}".strip()) else 0
