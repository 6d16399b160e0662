"""Lines of a commit that match, by `git grep` in the bare repository.

Extended regular expressions of the C library, never PCRE: their matching takes time in proportion
to the text unless a back-reference is used, and the deadline ends those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.diff_parsing import decode_path
from bot.domain.identifiers import Sha
from bot.errors import UserError
from workers.repository.clones.git import Caps, Git, GitFailed

Match = tuple[str, int, str]
_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\]")
_WORDS_AT_ONCE = 500
_NUMBER = re.compile(rb"(\d+)[\0:]")


@dataclass(frozen=True, slots=True)
class GrepCaps:
    """What one search may return and use. Lines are cut to `line_characters`."""

    matches: int = 5_000
    matches_per_file: int = 200
    line_characters: int = 1_000
    seconds: float = 15.0


def grep_words(
    git: Git, commit: Sha, words: Iterable[str], under: str, caps: GrepCaps
) -> Sequence[Match]:
    """Lines that hold one of the words as a whole word, in path order."""
    wanted = sorted({word for word in words if word and not set(word) & set("\n\0")})
    found: list[Match] = []
    for start in range(0, len(wanted), _WORDS_AT_ONCE):
        some = wanted[start : start + _WORDS_AT_ONCE]
        pattern = "|".join(_SPECIAL.sub(r"\\\g<0>", word) for word in some)
        found += _grep(git, commit, ["-w", "-e", f"({pattern})"], under, caps)
    if len(wanted) > _WORDS_AT_ONCE:
        found = sorted(set(found))
    return tuple(found[: caps.matches])


def grep_pattern(
    git: Git, commit: Sha, pattern: str, under: str, caps: GrepCaps
) -> Sequence[Match]:
    """Lines that match an extended regular expression, in path order.

    Raises UserError when the expression is malformed, LimitExceeded past the deadline.
    """
    if not pattern or "\0" in pattern or "\n" in pattern:
        raise UserError(f"{pattern!r} cannot be searched for: give one line of text")
    try:
        pattern.encode()
    except UnicodeEncodeError as error:
        raise UserError(f"{pattern!r} cannot be searched for: it is not text") from error
    return tuple(_grep(git, commit, ["-e", pattern], under, caps)[: caps.matches])


def _grep(git: Git, commit: Sha, what: list[str], under: str, caps: GrepCaps) -> list[Match]:
    options = ["-z", "-n", "-I", "-E", "--full-name", "--no-color", "--no-textconv"]
    options.append(f"--max-count={caps.matches_per_file}")
    folder = under.strip("/")
    where = ["--", folder] if folder not in ("", ".") else []
    if "\0" in folder:
        return []
    output = git.output(
        "grep", *options, *what, commit, *where,
        caps=Caps(seconds=caps.seconds, output_bytes=caps.matches * 2_000),
        statuses=(0, 1, 128),
        may_cut=True,
    )  # fmt: skip
    if output.status == 128 and not output.cut:
        raise _refusal(output.stderr, what[-1])
    whole = output.stdout[: output.stdout.rfind(b"\n") + 1] if output.cut else output.stdout
    return list(_matches(whole, commit, caps))


def _refusal(stderr: str, pattern: str) -> Exception:
    said = stderr.strip()
    if "-e option" in said:
        reason = said.rpartition(": ")[2]
        return UserError(
            f"{pattern!r} is not an extended regular expression ({reason});"
            " escape special characters with a backslash"
        )
    return GitFailed(f"git grep failed: {said}")


def _matches(output: bytes, commit: Sha, caps: GrepCaps) -> Iterable[Match]:
    at = 0
    skip = len(commit) + 1
    while at < len(output):
        path_end = output.index(b"\0", at)
        path = decode_path(output[at + skip : path_end])
        number = _NUMBER.match(output, path_end + 1)
        if number is None:
            raise GitFailed(f"git grep printed {output[at : at + 200]!r}")
        end = output.find(b"\n", number.end())
        end = len(output) if end < 0 else end
        text = output[number.end() : end].decode("utf-8", "replace")
        yield path, int(number[1]), text[: caps.line_characters]
        at = end + 1
