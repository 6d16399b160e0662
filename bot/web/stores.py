"""What the pages read and change. The database is opened when the first page needs it."""

from __future__ import annotations

import threading
from functools import cached_property

from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.store.connection import RECEIVER_SECONDS, connect, redis_url
from bot.store.database import Database, open_database
from bot.store.learnings import SqlLearnings
from bot.store.outcomes import SqlOutcomes
from bot.store.record_browser import RecordBrowser
from bot.store.web_sessions import WebSessions

PATIENCE_SECONDS = 5.0
"""How long a page waits for the database. The receiver's threads are few: none may hang."""


class Stores:
    """Shared by all threads that draw pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = threading.Lock()
        self._database: Database | None = None
        connection = connect(redis_url(settings), RECEIVER_SECONDS)
        self.sessions = WebSessions(connection, settings.web.password)

    @property
    def database(self) -> Database:
        """Raises StoreUnavailable, SettingError; the next page tries again."""
        if not self._opening.acquire(timeout=PATIENCE_SECONDS):
            raise StoreUnavailable("the database is being opened for another page")
        try:
            if self._database is None:
                self._database = open_database(
                    self._settings.database_url, self._settings.data_dir, PATIENCE_SECONDS
                )
            return self._database
        finally:
            self._opening.release()

    @cached_property
    def records(self) -> RecordBrowser:
        """Reviews."""
        return RecordBrowser(self.database)

    @cached_property
    def learnings(self) -> SqlLearnings:
        """Memory."""
        return SqlLearnings(self.database)

    @cached_property
    def outcomes(self) -> SqlOutcomes:
        """What became of posted findings."""
        return SqlOutcomes(self.database)
