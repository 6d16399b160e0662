"""What the App needs before anything of it is started."""

from __future__ import annotations

import time

from bot.settings import GitHubSettings


def check_app(github: GitHubSettings) -> None:
    """Refuse an App that no worker could be. Raises SettingError: its id or key is of no use."""
    from bot.github.connect import connect_app  # here: help needs no GitHub
    from bot.github.credentials import app_jwt

    connect_app(github)
    app_jwt(github.app_id or 0, github.private_key, int(time.time()))
