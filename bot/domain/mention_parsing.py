"""Text of a comment -> what is asked of the bot. Pure; the effects live in workers/commands.

`COMMANDS` is the table of what can be asked: parsing, the help text and docs/mentions.md follow
it. To add a command, add a row here and its effect there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from bot.domain.agreement import QUESTION_MARKS, agrees
from bot.domain.commands import Command, Verb, number_in, place_in
from bot.domain.markdown_prose import prose_paragraphs
from bot.domain.markdown_spans import as_shown, blank_markup
from bot.domain.question_forms import asks

MOST_COMMANDS = 5
"""One comment asks for at most so many things; the rest is not read."""


Argument = Literal["nothing", "words", "place", "number", "line", "paragraph"]


@dataclass(frozen=True, slots=True)
class CommandForm:
    """How a command is written, and what may follow its word.

    "nothing" (but politeness, or a reason behind a mark: `pause, I am rebasing`), "words" (that,
    or a few that ask nothing: `stop it now`), "place" (`path:line`, or nothing), "number" (or
    nothing): other words make the whole a question. "line": anything to the end of the line.
    "paragraph": anything.
    """

    verb: Verb
    word: str
    usage: str
    effect: str
    argument: Argument = "nothing"


COMMANDS: tuple[CommandForm, ...] = (
    CommandForm(
        "review",
        "review",
        "review [full|light|standard|deep|security|paths]",
        "Reviews what is new; with a word, all of the change again, or the part that you name.",
        "line",
    ),
    CommandForm(
        "explain",
        "explain",
        "explain [path:line]",
        "Shows a finding with its evidence and how it was verified.",
        "place",
    ),
    CommandForm(
        "why",
        "why",
        "why [not path:line]",
        "Tells why a finding was posted, or what became of everything near a line.",
        "place",
    ),
    CommandForm(
        "dismiss",
        "dismiss",
        "dismiss [reason]",
        "Strikes out a finding, in its thread; it is not raised again.",
        "line",
    ),
    CommandForm(
        "resolve",
        "resolve",
        "resolve",
        "Resolves a finding's thread; outside of threads, those of all findings.",
    ),
    CommandForm(
        "reopen",
        "reopen",
        "reopen [reason]",
        "Takes a dismissal or withdrawal back, in the thread.",
        "line",
    ),
    CommandForm(
        "config", "config", "config", "Shows the settings that hold here and where each comes from."
    ),
    CommandForm(
        "pause", "pause", "pause", "Stops automatic reviews of this pull request.", "words"
    ),
    CommandForm("resume", "resume", "resume", "Goes on, with what was pushed meanwhile.", "words"),
    CommandForm("stop", "stop", "stop", "Cancels the review that is running.", "words"),
    CommandForm(
        "remember",
        "remember",
        "remember TEXT [for paths]",
        "Keeps a rule or a fact about this repository, or some of its paths, for later reviews.",
        "paragraph",
    ),
    CommandForm("memory", "memory", "memory", "Lists what is remembered, each with its number."),
    CommandForm("forget", "forget", "forget N", "Forgets what is remembered as N.", "number"),
    CommandForm("help", "help", "help", "Shows this list."),
    CommandForm("ask", "ask", "<question>", "Answers a question about this change.", "paragraph"),
)

_FORMS = {form.word: form for form in COMMANDS}
_JOINTS = re.compile(
    r"\A(?:[\s,:;!\u2013\u2014\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b"
    r"\u200e\u200f\u202a-\u202e\u2066-\u2069]|[.*_~-]+(?=\s|\Z))+"
)
"""Dots, stars and the like only where they stand apart: else they begin a path."""
_LINK_END = re.compile(r"\A([^\[\]\n]*)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])?")
"""What is left of `[@handle review](address)` after the handle: some programs make it a link."""
_REASON = re.compile(r"[,:;.!\u2013\u2014\u3002\uff0c\uff1a]|\s+[-\u2013\u2014]\s")
_FEWEST_WORDS_OF_A_QUESTION = 3
_NEARLY = 0.75
"""Two swapped letters of a word of four still count as that word."""
_MOST_WORDS_OF_A_COMMAND = 3
"""More is a question, whatever it begins with."""
_MOST_WORDS_OF_AN_ASIDE = 6
_ASKING = frozenset(
    "what how why who which when if is are was does do did can could should would".split()
)
"""They begin a question, or a condition (`stop when it is clean`), which no command keeps."""
_THANKS = frozenset({"thanks", "thx"})
_POLITE = frozenset({"please", "pls"}) | _THANKS


def parse_commands(markdown: str, handle: str) -> tuple[Command, ...]:
    """What the comment asks of `@handle` (or `@handle[bot]`; case does not matter), in order.

    A mention counts in prose only. The words after it, to the end of its paragraph or the next
    mention, are its argument; a command's argument ends with its line. A first word that is no
    command makes all of them a question. No words after it: those before it are the question, if
    they are one; else help. Mere thanks ask for nothing. Repeated commands count once.
    """
    if not handle:
        return ()
    mention = _mention_pattern(handle)
    found: dict[Command, None] = {}
    for paragraph in prose_paragraphs(markdown):
        for command in _paragraph_commands(paragraph, mention):
            found.setdefault(command)
            if len(found) == MOST_COMMANDS:
                return tuple(found)
    return tuple(found)


def mistyped_command(question: str) -> str:
    """The command that a few words nearly are (`reveiw deep`: review); "" if none."""
    words_said = [word for word in _words(question) if word not in _POLITE]
    first = words_said[0] if 0 < len(words_said) <= _MOST_WORDS_OF_A_COMMAND else ""
    words = [form.word for form in COMMANDS if form.verb != "ask"]
    if first in words:
        return ""
    return next(iter(get_close_matches(first, words, n=1, cutoff=_NEARLY)), "")


def _mention_pattern(handle: str) -> re.Pattern[str]:
    """`@handle` that is neither part of an address nor the start of a longer name.

    Letters are those of handles: Chinese and Japanese join a mention to its neighbours unspaced.
    Underscores beside it are emphasis.
    """
    name = re.escape(handle)
    before, after = r"(?<![a-z0-9@/.+-])(?<![a-z0-9]_)", r"(?!_*[a-z0-9]|[/@]|[-.]\w|['\u2019]s\b)"
    return re.compile(rf"(?ai:{before}@{name}(?:\[bot\])?{after})")


def _paragraph_commands(paragraph: str, mention: re.Pattern[str]) -> Iterator[Command]:
    if "@" not in paragraph:
        return
    blanked = blank_markup(paragraph)
    hits = list(mention.finditer(blanked))
    ends = [*(hit.start() for hit in hits[1:]), len(paragraph)]
    for hit, end in zip(hits, ends, strict=False):  # no hit, no command
        said = paragraph[hit.end() : _cell_end(blanked, hit.start(), hit.end(), end)]
        said = _LINK_END.sub(r"\1", as_shown(said), count=1)
        before = as_shown(paragraph[: hit.start()]) if hit is hits[0] else ""
        yield _command(said) if _words(said) else _said_before(before, said)


def _cell_end(blanked: str, start: int, after: int, end: int) -> int:
    """Where the words of a mention end: in a row of a table, with its cell."""
    row = blanked.rfind("\n", 0, start) + 1
    if not blanked.startswith("|", row):
        return end
    bar = blanked.find("|", after, end)
    return end if bar < 0 else bar


def _said_before(before: str, after: str) -> Command:
    """With no words behind the mention: `Is this safe, @handle?`, `Thanks @handle!`, a bare one."""
    said = before.strip().rstrip("[").rstrip(" ,\uff0c\u3001")
    if after.lstrip().startswith(tuple(QUESTION_MARKS)):
        said = said.rstrip(QUESTION_MARKS) + "?"
    if not _words(said):
        return Command("help")
    if agrees(said):
        return Command("thanks")
    asked = said.endswith(tuple(QUESTION_MARKS)) or len(said.split()) >= _FEWEST_WORDS_OF_A_QUESTION
    return Command("ask", said) if asked else Command("help")


def _command(said: str) -> Command:
    text = _trim(said)
    words = _words(text)
    if not set(words) - _POLITE and not _THANKS & set(words):
        return Command("help")
    if agrees(text):
        return Command("thanks")
    form = _FORMS.get(next((word for word in words if word not in _POLITE), ""))
    if form is None:
        return Command("ask", text)
    rest = _after_word(text, form.word)
    return _with_argument(form, text, rest)


def _with_argument(form: CommandForm, text: str, rest: str) -> Command:
    """The command, or the whole as a question where its words do not fit the command."""
    said = bool(set(_words(rest)) - _POLITE)
    if form.verb == "ask" and not _words(rest):
        return Command("help")
    if form.argument == "paragraph":
        return Command(form.verb, rest if said or form.verb == "ask" else "")
    if form.argument == "line":
        line = _trim(rest.partition("\n")[0])
        return Command(form.verb, line if set(_words(line)) - _POLITE else "")
    if not said:
        return Command(form.verb)
    if _is_talk_beside(form, text, rest):
        return Command(form.verb)
    argument = _fitting(form.argument, rest)
    return Command(form.verb, argument) if argument else Command("ask", text)


def _fitting(argument: Argument, rest: str) -> str:
    """The words as the command takes them; "" where they are something else."""
    if argument == "place":
        place = place_in(rest)
        return f"{place.path}:{place.line}" if place else ""
    number = number_in(rest) if argument == "number" else None
    return "" if number is None else f"{number}"


def _is_talk_beside(form: CommandForm, text: str, rest: str) -> bool:
    """Whether the words go with the command: a reason, or (`stop it now`) a few more."""
    if form.argument == "words" and _is_an_aside(rest):
        return True
    return form.argument in ("nothing", "words") and _gives_a_reason(text, form.word)


def _gives_a_reason(text: str, word: str) -> bool:
    """Whether a mark parts the words from the command, and they ask nothing."""
    return not asks(text) and _REASON.match(_behind(text, word)) is not None


def _is_an_aside(rest: str) -> bool:
    """Whether few words follow, up to the first mark, and ask nothing."""
    said = [word for word in _words(_REASON.split(rest, maxsplit=1)[0]) if word not in _POLITE]
    asked = asks(rest) or bool(_ASKING & set(said[:1]))
    return not asked and len(said) <= _MOST_WORDS_OF_AN_ASIDE


def _after_word(text: str, word: str) -> str:
    """What follows the first occurrence of a word, which the caller knows to be there."""
    return _trim(_behind(text, word))


def _behind(text: str, word: str) -> str:
    match = re.search(rf"(?ai:\b{word}\b)", text)
    return text[match.end() :] if match else ""


def _words(text: str) -> list[str]:
    """The leading words, lower-case, less punctuation and invisible direction marks."""
    shown = "".join(char for char in text[:400] if unicodedata.category(char) != "Cf")
    return [word for word in (_bare(part) for part in shown.split()) if word]


def _bare(word: str) -> str:
    return re.sub(r"^[\W_]+|[\W_]+$", "", word).lower()


def _trim(text: str) -> str:
    """Less the blanks, direction marks and separators that join a mention to its words."""
    return _JOINTS.sub("", text, count=1).strip()
