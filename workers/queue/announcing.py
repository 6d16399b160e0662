"""What people mention, told to the receivers. Only GitHub knows the App's name, and may be away."""

from __future__ import annotations

from contextlib import closing

from bot.errors import PermanentError, TransientError
from bot.process_log import LOG
from bot.settings import Settings

_TIMEOUT_SECONDS = 5
"""The worker that asks does nothing else meanwhile, and could do little: GitHub is away."""


class Announcement:
    """Asked of GitHub when a worker starts and then now and again, until GitHub has told it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._told = self._complained = False

    def attempt(self) -> None:
        """Ask, unless it is known; a silent GitHub is complained of once.

        Raises:
            SettingError: a setting that the App needs is missing, or GitHub refuses it.
        """
        if self._told:
            return
        from bot.github.transport import TransportOptions  # here: the supervisor needs neither
        from workers.bootstrap import open_world

        api_url = self._settings.github.api_url
        options = TransportOptions(api_url, _TIMEOUT_SECONDS, read_attempts=0)
        with closing(open_world(self._settings, options=options)) as world:
            try:
                world.announce_handle()
                self._told = True
            except (TransientError, PermanentError) as error:
                self._complain(error)

    def _complain(self, error: Exception) -> None:
        if self._complained:
            return
        self._complained = True
        if isinstance(error.__cause__, OSError):  # nothing came back at all
            address = self._settings.github.api_url
            LOG.warning("GitHub at %s does not answer. Check PLUMBLINE_GITHUB_API_URL.", address)
        else:
            LOG.warning("GitHub does not tell the App's name: %s", error)
