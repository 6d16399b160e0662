"""Reactions, at most one of a kind by the same person on the same subject."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.accounts import Account

CONTENTS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")
EMOJI = dict(zip(CONTENTS, "👍👎😄😕❤🎉🚀👀", strict=True))


@dataclass(frozen=True, slots=True)
class Reaction:
    id: int
    author: Account
    content: str
    created_at: float


class Reactions:
    """Reactions by the node id of what they are on."""

    def __init__(self) -> None:
        self._of: dict[str, list[Reaction]] = {}

    def on(self, subject: str) -> list[Reaction]:
        return list(self._of.get(subject, []))

    def by(self, subject: str, login: str, content: str) -> Reaction | None:
        for reaction in self.on(subject):
            if reaction.author.login == login and reaction.content == content:
                return reaction
        return None

    def add(self, subject: str, reaction: Reaction) -> Reaction:
        self._of.setdefault(subject, []).append(reaction)
        return reaction

    def remove(self, subject: str, reaction_id: int) -> bool:
        kept = [item for item in self.on(subject) if item.id != reaction_id]
        removed = len(kept) < len(self.on(subject))
        self._of[subject] = kept
        return removed

    def counts(self, subject: str) -> dict[str, int]:
        """How many of each content, all contents included."""
        made = [reaction.content for reaction in self.on(subject)]
        return {content: made.count(content) for content in CONTENTS}
