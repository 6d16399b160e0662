"""Every environment variable, read once, here. Each has a default, a unit and a remedy.

`docs/settings.md` documents them; a test holds the page against this file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.budget import ANSWER_SECONDS, Allowance, DayCaps, Limits
from bot.domain.budget_text import parse_allowance, parse_prices, parse_windows
from bot.errors import SettingError
from bot.settings import (
    DEFAULT_GITHUB_API,
    DEFAULT_GITHUB_GIT,
    GitHubSettings,
    ModelSettings,
    PackageIndexSettings,
    Settings,
    WebSettings,
)

SHORTEST_PASSWORD = 16
"""Characters: with the pause after wrong ones, guessing takes longer than anybody has."""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every variable.

    Raises:
        SettingError: a value cannot be used; the message names key, problem and remedy.
    """
    env = os.environ if environ is None else environ
    model = _model(env)
    return Settings(
        model=model,
        github=_github(env),
        redis_url=_url(env, "PLUMBLINE_REDIS_URL", "", ("redis", "rediss", "unix")),
        database_url=env.get("PLUMBLINE_DATABASE_URL", "").strip(),
        data_dir=_data_dir(env),
        host=env.get("PLUMBLINE_HOST", "").strip() or "127.0.0.1",
        port=_port(env),
        handle=env.get("PLUMBLINE_HANDLE", "").strip().lstrip("@"),
        packages=_packages(env),
        limits=_limits(env, model),
        web=WebSettings(_web_password(env)),
    )


def _model(env: Mapping[str, str]) -> ModelSettings:
    names = env.get("PLUMBLINE_FALLBACK_MODELS", "").split(",")
    return ModelSettings(
        model=env.get("PLUMBLINE_MODEL", "").strip(),
        fast_model=env.get("PLUMBLINE_FAST_MODEL", "").strip(),
        fallback_models=tuple(name.strip() for name in names if name.strip()),
        base_url=_url(env, "OPENAI_BASE_URL", "", ("http", "https")),
        api_key=env.get("OPENAI_API_KEY", "").strip(),
        windows=_windows(env),
        answer_seconds=_answer_seconds(env),
    )


def _answer_seconds(env: Mapping[str, str]) -> float:
    key, most = "PLUMBLINE_ANSWER_SECONDS", 1_800
    value = env.get(key, "").strip() or f"{ANSWER_SECONDS:.0f}"
    if not (value.isascii() and value.isdigit() and 10 <= int(value) <= most):
        remedy = f"Give a whole number of seconds between 10 and {most}."
        raise SettingError(key, f"{value[:12]!r} cannot be used", remedy)
    return float(value)


def _windows(env: Mapping[str, str]) -> dict[str, int]:
    key = "PLUMBLINE_CONTEXT_WINDOWS"
    try:
        return parse_windows(env.get(key, ""))
    except ValueError as error:
        remedy = "Give tokens of prompt and answer together: NAME=TOKENS; NAME=..."
        raise SettingError(key, str(error), remedy) from error


def _github(env: Mapping[str, str]) -> GitHubSettings:
    secrets = env.get("PLUMBLINE_WEBHOOK_SECRET", "").split(",")
    web = ("http", "https")
    return GitHubSettings(
        app_id=_app_id(env),
        private_key=_private_key(env),
        webhook_secrets=_secrets(tuple(part.strip() for part in secrets if part.strip())),
        api_url=_url(env, "PLUMBLINE_GITHUB_API_URL", DEFAULT_GITHUB_API, web).rstrip("/"),
        git_url=_url(env, "PLUMBLINE_GITHUB_GIT_URL", DEFAULT_GITHUB_GIT, web).rstrip("/"),
        token=env.get("GITHUB_TOKEN", "").strip(),
    )


def _limits(env: Mapping[str, str], model: ModelSettings) -> Limits:
    """The caps and the prices; a cap on money needs the price of every model that may answer."""
    try:
        prices = parse_prices(env.get("PLUMBLINE_PRICES", ""))
    except ValueError as error:
        remedy = "Give US dollars a million tokens: NAME=INPUT,CACHED,OUTPUT; NAME=..."
        raise SettingError("PLUMBLINE_PRICES", str(error), remedy) from error
    unknown = next((name for name in model.names if name not in prices), "")
    return Limits(
        review=_allowance(env, "PLUMBLINE_REVIEW_BUDGET", unknown),
        day=DayCaps(
            repository=_allowance(env, "PLUMBLINE_REPOSITORY_BUDGET", unknown),
            installation=_allowance(env, "PLUMBLINE_INSTALLATION_BUDGET", unknown),
        ),
        prices=prices,
        window=model.window,
        answer_seconds=model.answer_seconds,
    )


def _allowance(env: Mapping[str, str], key: str, unpriced: str) -> Allowance:
    try:
        allowance = parse_allowance(env.get(key, ""))
    except ValueError as error:
        raise SettingError(key, str(error), "Give caps such as calls=200, usd=10.") from error
    if allowance.usd is not None and unpriced:
        raise SettingError(
            key,
            f"it caps money, but the price of {unpriced!r} is not known",
            "Give it in PLUMBLINE_PRICES, or cap calls or tokens instead.",
        )
    return allowance


def _packages(env: Mapping[str, str]) -> PackageIndexSettings:
    """`pypi=ADDRESS`, `npm=ADDRESS` and bare addresses of file hosts, separated by commas."""
    key = "PLUMBLINE_PACKAGE_INDEXES"
    named: dict[str, str] = {}
    files: list[str] = []
    for part in (text.strip() for text in env.get(key, "").split(",")):
        name, equals, address = part.partition("=")
        if not part:
            continue
        if equals and name.strip() in ("pypi", "npm"):
            named[name.strip()] = _package_host(key, address.strip())
        else:
            files.append(_package_host(key, part))
    return PackageIndexSettings(named.get("pypi", ""), named.get("npm", ""), tuple(files))


def _package_host(key: str, address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise SettingError(
            key,
            f"{_unauthorised(address)!r} is not an address without user and password",
            "Give pypi=https://HOST, npm=https://HOST and https://HOST of files, with commas.",
        )
    return address.rstrip("/")


def _secrets(secrets: tuple[str, ...]) -> tuple[str, ...]:
    if len(secrets) > 2:
        raise SettingError(
            "PLUMBLINE_WEBHOOK_SECRET",
            f"{len(secrets)} secrets are given",
            "Give one secret, or two separated by a comma while rotating.",
        )
    return secrets


def _url(env: Mapping[str, str], key: str, default: str, schemes: tuple[str, ...]) -> str:
    value = env.get(key, "").strip() or default
    parts = urlsplit(value)
    if value and (parts.scheme not in schemes or not (parts.netloc or parts.path)):
        wanted = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingError(
            key,
            f"{_unauthorised(value)!r} is not an address",
            f"Give one that starts with {wanted}",
        )
    return value


def _unauthorised(address: str) -> str:
    """The address without user and password: messages are logged."""
    return re.sub(r".*@", "***@", address, flags=re.DOTALL)


def _app_id(env: Mapping[str, str]) -> int | None:
    value = env.get("PLUMBLINE_GITHUB_APP_ID", "").strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit():
        raise SettingError(
            "PLUMBLINE_GITHUB_APP_ID",
            f"{value[:12]!r} is not a number",
            "Copy the App ID from the App's settings page.",
        )
    return int(value)


def _private_key(env: Mapping[str, str]) -> str:
    key, value = _value_or_file(env, "PLUMBLINE_GITHUB_PRIVATE_KEY", "Name a PEM file.")
    value = value.replace("\\n", "\n").strip()
    if value and "PRIVATE KEY-----" not in value:
        raise SettingError(
            key, "it holds no PEM private key", "Give the .pem that GitHub generated."
        )
    return value


def _web_password(env: Mapping[str, str]) -> str:
    wanted = f"at least {SHORTEST_PASSWORD} characters"
    key, value = _value_or_file(env, "PLUMBLINE_WEB_PASSWORD", f"Name a file that holds {wanted}.")
    value = value.strip()
    if value and len(value) < SHORTEST_PASSWORD:
        raise SettingError(
            key,
            f"it has {len(value)} characters",
            f"Give {wanted}, such as the output of `openssl rand -base64 24`.",
        )
    if key.endswith("_FILE") and not value:
        raise SettingError(key, "the file is empty", f"Name a file that holds {wanted}.")
    return value


def _value_or_file(env: Mapping[str, str], key: str, remedy: str) -> tuple[str, str]:
    """The variable that was given, `key` or `key_FILE`, and the text that it gives."""
    value, file_key = env.get(key, "").strip(), f"{key}_FILE"
    file = env.get(file_key, "").strip()
    if value and file:
        raise SettingError(key, f"both it and {file_key} are set", "Keep one of them.")
    if not file:
        return key, value
    try:
        return file_key, Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(file_key, f"{file!r} cannot be read ({error})", remedy) from error


def _data_dir(env: Mapping[str, str]) -> Path:
    value = env.get("PLUMBLINE_DATA_DIR", "").strip()
    if value:
        return Path(value).expanduser().absolute()
    state = env.get("XDG_STATE_HOME", "").strip() or str(Path.home() / ".local" / "state")
    return Path(state) / "plumbline"


def cache_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Where terminal runs keep what they can make again: below the person's cache folder.

    https://specifications.freedesktop.org/basedir-spec/latest/
    """
    env = os.environ if environ is None else environ
    cache = env.get("XDG_CACHE_HOME", "").strip() or str(Path.home() / ".cache")
    return Path(cache) / "plumbline"


def _port(env: Mapping[str, str]) -> int:
    value = env.get("PLUMBLINE_PORT", "").strip() or "8080"
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise SettingError(
            "PLUMBLINE_PORT", f"{value!r} is not a port", "Give a number between 1 and 65535."
        )
    return int(value)
