"""What the conversation itself says to the model, around the caller's messages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.conversation import AnswerSchema
from workers.model.schema import schema_text

ANSWER_NOW = (
    "The tools are closed now. Give your final answer from what you have seen: one JSON object "
    "that fits the schema given above. Where you could not look, say so in the answer."
)
ASKED_BEFORE = "You made exactly this call before; its result stands above and has not changed."
NO_ROOM = "There is no room left in this conversation for a result: answer without it."
NO_TOOLS = "There are no tools in this conversation."


def answer_form(schema: AnswerSchema) -> str:
    """Names the form of the final answer; follows the caller's messages."""
    return (
        "Work the question out first; you may write down your reasoning. Then end with the final "
        "answer: one JSON object, the last thing in your message, that fits this JSON schema:\n"
        + schema_text(schema)
    )


def looks(rounds: int, calls: int) -> str:
    """Says how many messages may call tools, and how many calls each; stands before the form."""
    if rounds < 1:
        return "For this question you have no tools: call none, answer from what is shown."
    often = "once" if rounds == 1 else f"in {rounds} messages"
    return f"You may call tools {often}, up to {calls} calls at a time; then you answer."


def re_ask(problems: Sequence[str]) -> str:
    """Names what was wrong with an answer."""
    listed = "\n".join(f"- {problem}" for problem in problems)
    return (
        "That answer cannot be used:\n"
        f"{listed}\n"
        "Give the whole answer once more, corrected: one JSON object that fits the schema given "
        "above, and nothing else."
    )


def shorter(limit: int) -> str:
    """After an answer that ran out of room."""
    return (
        f"Your answer was cut off at {limit} tokens and cannot be used. Give the whole answer "
        "again, shorter: one JSON object that fits the schema given above, and nothing else. "
        "Shorten the texts; leave no entry out."
    )


def too_many_calls(limit: int) -> str:
    """For each call beyond the number that one message may make."""
    return f"Not run: at most {limit} calls are run at once. Make it again if you still need it."


def cut(text: str, limit: int) -> str:
    """At most `limit` characters and a note, ending at a line where there is one."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    kept = kept[: kept.rfind("\n") + 1] or kept
    return f"{kept}[cut: {len(text) - len(kept)} more characters; ask for less at once]"
