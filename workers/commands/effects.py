"""Which effect belongs to which word. `review` and `resume` begin work: `workers.jobs` does."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.commands import Verb
from bot.domain.jobs import Mention
from bot.domain.pull_request import PullRef
from bot.github import words
from workers.commands.ask import ask
from workers.commands.config import config
from workers.commands.dismiss import dismiss, reopen, resolve
from workers.commands.dispute import dispute
from workers.commands.explain import explain, why
from workers.commands.forget import forget
from workers.commands.memory import memory
from workers.commands.pause import pause, stop
from workers.commands.remember import remember
from workers.commands.world import DONE, Answering, Effect, Outcome


def _help(ref: PullRef, mention: Mention, world: Answering) -> Outcome:  # noqa: ARG001
    return Outcome(words.help_text(world.handle))


def _thanks(ref: PullRef, mention: Mention, world: Answering) -> Outcome:  # noqa: ARG001
    return DONE


EFFECTS: Mapping[Verb, Effect] = {
    "help": _help,
    "ask": ask,
    "explain": explain,
    "why": why,
    "config": config,
    "dismiss": dismiss,
    "dispute": dispute,
    "resolve": resolve,
    "reopen": reopen,
    "pause": pause,
    "stop": stop,
    "thanks": _thanks,
    "remember": remember,
    "memory": memory,
    "forget": forget,
}

AT_ONCE: frozenset[Verb] = frozenset({"pause", "stop", "thanks"})
"""Done while the mention is acknowledged: the other workers may be busy with what is to stop."""
