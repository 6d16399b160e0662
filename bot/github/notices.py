"""One sentence each: what became of a request that is not about a finding. Pure."""

from __future__ import annotations


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
    """The running review is told to stop."""
    return "The running review is being stopped; its check will say so."


def nothing_runs() -> str:
    """There is nothing to stop."""
    return "No review of this pull request is running now."


def too_many() -> str:
    """The person's or the installation's hour is used up."""
    return "Too much was asked for within an hour; this was not done. Ask again later."


def did_you_mean(handle: str, command: str) -> str:
    """A word that is nearly a command."""
    return f"Did you mean `@{handle} {command}`?"
