"""Settings become the outside world of a worker: the only place where adapters are chosen."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.jobs import ForgetInstallation
from bot.github.connect import GitHub, Pauses, SharedState, connect_app, words_of
from bot.github.transport import TransportOptions
from bot.github.write_pace import LIMITS
from bot.ports import Model
from bot.settings import ModelSettings, Settings
from bot.store.allowances import RedisAllowances
from bot.store.connection import Connection, connect, redis_url
from bot.store.database import Database, open_database
from bot.store.handle import DEFAULT_HANDLE, store_handle, stored_handle
from bot.store.learnings import SqlLearnings
from bot.store.open_checks import RedisOpenChecks
from bot.store.outcome_counts import store_outcome_counts
from bot.store.outcomes import SqlOutcomes
from bot.store.queue import RedisQueue
from bot.store.records import SqlRecords
from bot.store.spending import SqlSpending
from bot.store.tokens import RedisTokenCache
from bot.store.wanted import RedisWanted
from bot.store.write_ledger import RedisWriteLedger
from bot.store.write_pace import RedisWritePace
from workers.jobs.deps import JobDeps
from workers.model.on_demand import ModelOnDemand
from workers.outcomes import Looking
from workers.repository.clones.bare_clones import BareClones
from workers.repository.dependencies.artefacts.releases import open_releases
from workers.review.budgets import Budgets


@dataclass(frozen=True, slots=True)
class World:
    """What one worker process holds open."""

    settings: Settings
    redis: Connection
    database: Database
    github: GitHub
    jobs: JobDeps

    def announce_handle(self) -> str:
        """Ask GitHub for the App's slug and tell the receivers, unless the operator named it.

        Raises:
            GitHubUnavailable, GitHubRefused, StoreUnavailable: the receivers keep what they knew.
        """
        if self.settings.handle or self.github.app is None:
            return self.settings.handle
        slug = self.github.app.slug()
        store_handle(self.redis, slug)
        return slug

    def close(self) -> None:
        """Let go of connections."""
        self.database.close()
        self.redis.close()


def open_world(
    settings: Settings,
    redis: Connection | None = None,
    options: TransportOptions | None = None,
    pauses: Pauses | None = None,
) -> World:
    """Connect everything that jobs need. `options` and `pauses`: how patient with GitHub to be.

    Raises:
        SettingError: a setting that the App needs is missing or cannot be used.
    """
    connection = redis or connect(redis_url(settings))
    database = open_database(settings.database_url, settings.data_dir)
    tokens = RedisTokenCache(connection)

    def handle() -> str:
        return settings.handle or stored_handle(connection) or DEFAULT_HANDLE

    compose = words_of(settings.github, handle)
    shared = _shared_state(connection, tokens)
    github = connect_app(settings.github, shared, options, pauses, compose)
    clones = BareClones(settings.data_dir, settings.github.git_url, github.fetch_token)
    records, queue = SqlRecords(database), RedisQueue(connection)
    spending, learnings = SqlSpending(database), SqlLearnings(database)
    outcomes = SqlOutcomes(database)

    def show_outcomes() -> None:
        store_outcome_counts(connection, outcomes.totals())

    def forget(job: ForgetInstallation) -> None:
        clones.forget(job.installation, job.repositories)
        records.forget(job.installation, job.repositories)
        spending.forget(job.installation, job.repositories)
        learnings.forget_all(job.installation, job.repositories)
        outcomes.forget(job.installation, job.repositories)
        show_outcomes()
        tokens.forget(settings.github.app_id or 0, job.installation, job.repositories)

    jobs = JobDeps(
        pulls=github.pulls,
        repositories=clones,
        model=open_model(settings.model),
        records=records,
        publisher=github.publisher,
        queue=queue,
        wanted=RedisWanted(connection),
        allowances=RedisAllowances(connection),
        learnings=learnings,
        looking=Looking(github.onlooker, outcomes, show_outcomes),
        forget=forget,
        tidy=lambda job: clones.tidy(job.repository, queue.somebody_waits),
        handle=handle,
        web_url=settings.github.git_url,
        releases=open_releases(settings),
        budgets=Budgets(settings.limits, spending),
    )
    return World(settings, connection, database, github, jobs)


def _shared_state(connection: Connection, tokens: RedisTokenCache) -> SharedState:
    """What the conversation with GitHub remembers, shared by all workers."""
    return SharedState(
        tokens=tokens,
        ledger=RedisWriteLedger(connection),
        pace=RedisWritePace(connection, LIMITS),
        open_checks=RedisOpenChecks(connection),
    )


def open_model(settings: ModelSettings) -> Model | None:
    """The model client, or None where no model is configured: a working state."""
    if not settings.configured:
        return None
    return ModelOnDemand(settings)
