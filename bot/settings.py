"""The operator's settings, as the program passes them on. `bot/environment.py` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.budget import ANSWER_SECONDS, Limits

DEFAULT_GITHUB_API = "https://api.github.com"
DEFAULT_GITHUB_GIT = "https://github.com"
PAGES_PATH = "/web"
"""Where the receiver has the pages for whoever runs it."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which models answer. No `model`: the static checks still run; intent is not judged.

    `windows`: by name, how many tokens of prompt and answer together a model holds.
    `answer_seconds`: how long one answer may take.
    """

    model: str = ""
    fast_model: str = ""
    fallback_models: tuple[str, ...] = ()
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    windows: Mapping[str, int] = field(default_factory=dict)
    answer_seconds: float = ANSWER_SECONDS

    @property
    def names(self) -> tuple[str, ...]:
        """Every model that may answer."""
        return tuple(filter(None, (self.model, self.fast_model, *self.fallback_models)))

    @property
    def window(self) -> int | None:
        """The smallest that is known of them: each may have to read the same prompt."""
        return min(
            (self.windows[name] for name in self.names if name in self.windows), default=None
        )

    @property
    def configured(self) -> bool:
        """A model is configured when PLUMBLINE_MODEL is set."""
        return bool(self.model)


@dataclass(frozen=True, slots=True)
class GitHubSettings:
    """Who we are on GitHub and where GitHub is. `webhook_secrets`: two while rotating."""

    app_id: int | None = None
    private_key: str = field(default="", repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    api_url: str = DEFAULT_GITHUB_API
    git_url: str = DEFAULT_GITHUB_GIT
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PackageIndexSettings:
    """Where released packages may be fetched; no address: nothing is fetched.

    `files` are further origins that the indexes' own answers point to.
    """

    pypi: str = ""
    npm: str = ""
    files: tuple[str, ...] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """Every address whose host may be asked."""
        return tuple(filter(None, (self.pypi, self.npm, *self.files)))


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The pages for whoever runs it. No `password`: there are none."""

    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's settings; frozen, built by `read_settings`."""

    model: ModelSettings
    github: GitHubSettings
    redis_url: str = field(repr=False)
    database_url: str = field(repr=False)
    data_dir: Path
    host: str
    port: int
    handle: str
    packages: PackageIndexSettings = field(default_factory=PackageIndexSettings)
    limits: Limits = field(default_factory=Limits)
    web: WebSettings = field(default_factory=WebSettings)
