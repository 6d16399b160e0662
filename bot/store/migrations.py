"""The schema, step by step: one tuple of statements a version, each run once, never edited.

A database of an earlier version is brought forward when it is opened. One of a later version is
refused: an older program would misread it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from bot.errors import SettingError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE reviews (
            key TEXT PRIMARY KEY,
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            repository TEXT NOT NULL,
            number BIGINT NOT NULL,
            head TEXT NOT NULL,
            base TEXT NOT NULL,
            attempt BIGINT NOT NULL,
            status TEXT NOT NULL,
            effort TEXT NOT NULL,
            started_at TIMESTAMP WITH TIME ZONE NOT NULL,
            finished_at TIMESTAMP WITH TIME ZONE,
            published_at TIMESTAMP WITH TIME ZONE,
            github_review_id BIGINT,
            inputs JSON NOT NULL,
            document JSON
        )""",
        "CREATE INDEX reviews_by_pull ON reviews (repository_id, number, published_at)",
        "CREATE INDEX reviews_by_start ON reviews (started_at)",
        """CREATE TABLE findings (
            review_key TEXT NOT NULL REFERENCES reviews (key) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            finding_id TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            path TEXT NOT NULL,
            line BIGINT,
            severity TEXT NOT NULL,
            category TEXT NOT NULL,
            origin TEXT NOT NULL,
            confidence DOUBLE PRECISION NOT NULL,
            fate TEXT NOT NULL,
            reason TEXT NOT NULL,
            title TEXT NOT NULL,
            PRIMARY KEY (review_key, position)
        )""",
        "CREATE INDEX findings_by_fingerprint ON findings (fingerprint)",
        """CREATE TABLE steps (
            review_key TEXT NOT NULL REFERENCES reviews (key) ON DELETE CASCADE,
            attempt BIGINT NOT NULL,
            number BIGINT NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            prompt_version TEXT NOT NULL,
            request JSON NOT NULL,
            response JSON NOT NULL,
            seconds DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (review_key, attempt, number)
        )""",
        "CREATE TABLE replies (key TEXT PRIMARY KEY, text TEXT NOT NULL)",
    ),
    (
        """CREATE TABLE spending (
            place TEXT NOT NULL,
            day TEXT NOT NULL,
            calls BIGINT NOT NULL,
            tokens BIGINT NOT NULL,
            seconds DOUBLE PRECISION NOT NULL,
            usd DOUBLE PRECISION NOT NULL,
            PRIMARY KEY (place, day)
        )""",
    ),
    (
        """CREATE TABLE rulings (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            number BIGINT NOT NULL,
            finding TEXT NOT NULL,
            source TEXT NOT NULL,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            person TEXT NOT NULL,
            ruled_at TIMESTAMP WITH TIME ZONE NOT NULL,
            PRIMARY KEY (installation_id, repository_id, number, finding, source)
        )""",
    ),
    (
        """CREATE TABLE learnings (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            number BIGINT NOT NULL,
            repository TEXT NOT NULL,
            private BOOLEAN NOT NULL,
            text TEXT NOT NULL,
            promoted BOOLEAN NOT NULL,
            forgotten_by TEXT NOT NULL,
            PRIMARY KEY (installation_id, repository_id, number)
        )""",
        """CREATE TABLE teachings (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            source TEXT NOT NULL,
            number BIGINT NOT NULL,
            pull BIGINT NOT NULL,
            finding TEXT NOT NULL,
            taken_back BOOLEAN NOT NULL,
            taught_at TIMESTAMP WITH TIME ZONE NOT NULL,
            teaching JSON NOT NULL,
            PRIMARY KEY (installation_id, repository_id, source)
        )""",
        """CREATE TABLE learning_uses (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            number BIGINT NOT NULL,
            review_key TEXT NOT NULL,
            silenced BOOLEAN NOT NULL,
            used_at TIMESTAMP WITH TIME ZONE NOT NULL,
            PRIMARY KEY (installation_id, repository_id, number, review_key)
        )""",
    ),
    (
        """CREATE TABLE outcomes (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            number BIGINT NOT NULL,
            finding TEXT NOT NULL,
            repository TEXT NOT NULL,
            title TEXT NOT NULL,
            path TEXT NOT NULL,
            kind TEXT NOT NULL,
            category TEXT NOT NULL,
            severity TEXT NOT NULL,
            origin TEXT NOT NULL,
            confidence DOUBLE PRECISION NOT NULL,
            posted_at TIMESTAMP WITH TIME ZONE NOT NULL,
            month TEXT NOT NULL,
            withdrawn_at TIMESTAMP WITH TIME ZONE,
            dismissed_at TIMESTAMP WITH TIME ZONE,
            disputed_at TIMESTAMP WITH TIME ZONE,
            fixed_at TIMESTAMP WITH TIME ZONE,
            changed_at TIMESTAMP WITH TIME ZONE,
            resolved_at TIMESTAMP WITH TIME ZONE,
            liked_at TIMESTAMP WITH TIME ZONE,
            disliked_at TIMESTAMP WITH TIME ZONE,
            merged_at TIMESTAMP WITH TIME ZONE,
            closed_at TIMESTAMP WITH TIME ZONE,
            ups BIGINT NOT NULL,
            downs BIGINT NOT NULL,
            became TEXT NOT NULL,
            PRIMARY KEY (installation_id, repository_id, number, finding)
        )""",
        "CREATE INDEX outcomes_by_time ON outcomes (installation_id, posted_at)",
        """CREATE TABLE proposals (
            installation_id BIGINT NOT NULL,
            repository_id BIGINT NOT NULL,
            category TEXT NOT NULL,
            kind TEXT NOT NULL,
            review_key TEXT NOT NULL,
            proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
            PRIMARY KEY (installation_id, repository_id, category, kind)
        )""",
        "CREATE INDEX proposals_by_review ON proposals (review_key)",
    ),
)


def migrate(connection: Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> int:
    """Bring the schema to the newest version, inside the connection's transaction.

    Returns the version that was found.

    Raises:
        SettingError: the database was made by a later version of the program.
    """
    if connection.dialect.name == "postgresql":
        # Two processes that start at once: the second waits here, then finds the work done.
        connection.execute(text("SELECT pg_advisory_xact_lock(724905)"))
    connection.execute(text("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)"))
    found = int(connection.scalar(text("SELECT max(version) FROM schema_version")) or 0)
    if found > len(migrations):
        raise SettingError(
            "PLUMBLINE_DATABASE_URL",
            f"the database has schema {found}, this program knows {len(migrations)}",
            "Update Plumbline, or name another database.",
        )
    for number, statements in enumerate(migrations[found:], start=found + 1):
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO schema_version (version) VALUES (:version)"), {"version": number}
        )
    return found
