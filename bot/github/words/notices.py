"""One sentence each: what became of a request that is not about a finding. Pure."""

from __future__ import annotations

from bot.domain.plural import plural
from bot.github.markdown_safety import safe_line


def paused(handle: str) -> str:
    """No automatic reviews from now on."""
    return (
        "Automatic reviews of this pull request are paused."
        f" `@{handle} resume` goes on; `@{handle} review` still works."
    )


def not_paused() -> str:
    """There is nothing to resume."""
    return "Automatic reviews of this pull request are not paused."


def stopped() -> str:
    """The review that runs or waits is told to stop."""
    return "The review is being stopped; its check will say so."


def nothing_runs() -> str:
    """There is nothing to stop."""
    return "No review of this pull request is running or waiting."


def too_many() -> str:
    """The person's or the installation's hour is used up."""
    return "Too much was asked for within an hour; this was not done. Ask again later."


def write_access_needed() -> str:
    """To the author, who may do less than people with write access."""
    return (
        "This needs write access. As you opened this pull request, `explain`, `why`, `config` and"
        " `help` are open to you, and you may dispute a finding in its thread."
    )


def not_reviewed(why: str) -> str:
    """The review that was asked for could not be made."""
    return f"This was not reviewed: {safe_line(why).rstrip('.')}."


def not_posted(why: str) -> str:
    """The review that was asked for is on record, and GitHub did not take it."""
    return f"The review was made but could not be posted: {safe_line(why).rstrip('.')}."


_DOING = {
    "read_file": "reading a file",
    "search": "searching",
    "find_definition": "looking up a definition",
    "find_references": "looking up who uses it",
    "list_files": "listing files",
    "file_history": "looking at the history",
}


def reading(seconds: float) -> str:
    """The code is fetched and read for an answer, since so long."""
    return f"Reading the code, {seconds:.0f} s so far. The answer will stand here."


def asking(seconds: float, looks: int, tool: str) -> str:
    """A model is asked, since so long; it looked at the code so often, the last time by `tool`."""
    last = _DOING.get(tool, "looking")
    looked = f" ({plural(looks, 'look')} at the code, the last: {last})" if looks else ""
    return f"Asking the model, {seconds:.0f} s so far{looked}. The answer will stand here."


def nothing_to_add() -> str:
    """It turned out that nothing was asked, when a word of progress stood already."""
    return "Heard; there is nothing to add."


def did_you_mean(handle: str, command: str) -> str:
    """A word that is nearly a command."""
    return f"Did you mean `@{handle} {command}`?"
