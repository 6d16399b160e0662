"""What the operator names, and what is said of a value that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.budget import Allowance, DayCaps, Limits, Price
from bot.environment import read_settings
from bot.errors import SettingError
from bot.settings import PackageIndexSettings, WebSettings


def packages(value: str) -> PackageIndexSettings:
    """The package indexes of this value."""
    return read_settings({"PLUMBLINE_PACKAGE_INDEXES": value}).packages


def test_no_package_index_is_asked_unless_one_is_named() -> None:
    assert packages(" ").origins == ()


def test_indexes_and_hosts_of_files_are_named_by_address() -> None:
    assert packages("pypi=https://pypi.org/, npm = https://npm.example,https://files.example") == (
        PackageIndexSettings("https://pypi.org", "https://npm.example", ("https://files.example",))
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("pypi.org", "'pypi.org'"),
        ("cargo=https://crates.io", "'cargo=https://crates.io'"),
        ("pypi=https://me:word@pypi.example", "'***@pypi.example'"),
        ("npm=ftp://npm.example", "'ftp://npm.example'"),
    ],
)
def test_an_address_that_cannot_be_used_is_named_without_its_password(
    value: str, shown: str
) -> None:
    with pytest.raises(SettingError) as refused:
        packages(value)
    assert str(refused.value) == (
        f"PLUMBLINE_PACKAGE_INDEXES: {shown} is not an address without user and password. "
        "Give pypi=https://HOST, npm=https://HOST and https://HOST of files, with commas."
    )


def test_budgets_and_prices_are_read_by_unit_and_by_model() -> None:
    environ = {
        "PLUMBLINE_MODEL": "org/big:1",
        "PLUMBLINE_REVIEW_BUDGET": "calls=40, usd=2.50",
        "PLUMBLINE_REPOSITORY_BUDGET": "tokens=5000000",
        "PLUMBLINE_INSTALLATION_BUDGET": "seconds=3600,usd=100",
        "PLUMBLINE_PRICES": "org/big:1 = 2.5,0.25,10; small=1,1,1;",
    }
    assert read_settings(environ).limits == Limits(
        review=Allowance(calls=40, usd=2.5),
        day=DayCaps(Allowance(tokens=5_000_000), Allowance(seconds=3600.0, usd=100.0)),
        prices={"org/big:1": Price(2.5, 0.25, 10.0), "small": Price(1.0, 1.0, 1.0)},
    )
    assert read_settings({}).limits == Limits()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("PLUMBLINE_REVIEW_BUDGET", "40", "'40' is none of calls=N, tokens=N, seconds=N, usd=N"),
        ("PLUMBLINE_REVIEW_BUDGET", "calls=1,calls=2", "calls is given twice"),
        ("PLUMBLINE_REPOSITORY_BUDGET", "calls=1.5", "'1.5' is no number of calls"),
        ("PLUMBLINE_INSTALLATION_BUDGET", "usd=-1", "'-1' is no number of usd"),
        ("PLUMBLINE_PRICES", "big=1,2", "'big=1,2' is not NAME=INPUT,CACHED,OUTPUT"),
        ("PLUMBLINE_PRICES", "big=1,2,x", "'big=1,2,x' is not NAME=INPUT,CACHED,OUTPUT"),
        ("PLUMBLINE_PRICES", "big=1,1,1;big=2,2,2", "'big' has two prices"),
    ],
)
def test_a_budget_or_price_that_cannot_be_read_is_quoted(
    key: str, value: str, problem: str
) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({key: value})
    assert (refused.value.key, refused.value.problem) == (key, problem)


def test_windows_are_read_by_model_and_the_smallest_that_may_answer_counts() -> None:
    environ = {
        "PLUMBLINE_MODEL": "org/big:1",
        "PLUMBLINE_FALLBACK_MODELS": "spare, unknown",
        "PLUMBLINE_CONTEXT_WINDOWS": "org/big:1 = 128000; spare=32768; unused=8192;",
    }
    settings = read_settings(environ)
    assert settings.model.windows == {"org/big:1": 128_000, "spare": 32_768, "unused": 8_192}
    assert (settings.model.window, settings.limits.window) == (32_768, 32_768)
    assert read_settings({"PLUMBLINE_MODEL": "big"}).limits.window is None


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("32768", "'32768' is not NAME=TOKENS"),
        ("big=32k", "'big=32k' is not NAME=TOKENS"),
        ("big=9000;big=9001", "'big' has two windows"),
        ("big=4096", "'big=4096' is less than the 8000 tokens of a review"),
    ],
)
def test_a_window_that_cannot_be_used_is_quoted(value: str, problem: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PLUMBLINE_CONTEXT_WINDOWS": value})
    assert str(refused.value) == (
        f"PLUMBLINE_CONTEXT_WINDOWS: {problem}. "
        "Give tokens of prompt and answer together: NAME=TOKENS; NAME=..."
    )


def test_a_slow_model_is_given_longer() -> None:
    assert read_settings({}).model.answer_seconds == 180
    slow = read_settings({"PLUMBLINE_ANSWER_SECONDS": "900"})
    assert (slow.model.answer_seconds, slow.limits.answer_seconds) == (900, 900)


@pytest.mark.parametrize("value", ["5", "1801", "3m", "-60", "\u0663\u0660"])
def test_seconds_that_cannot_be_used_are_quoted(value: str) -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"PLUMBLINE_ANSWER_SECONDS": value})
    assert str(refused.value) == (
        f"PLUMBLINE_ANSWER_SECONDS: {value!r} cannot be used. "
        "Give a whole number of seconds between 10 and 1800."
    )


def test_money_is_capped_only_where_every_model_has_its_price() -> None:
    environ = {
        "PLUMBLINE_MODEL": "big",
        "PLUMBLINE_FALLBACK_MODELS": "spare",
        "PLUMBLINE_REPOSITORY_BUDGET": "usd=5",
        "PLUMBLINE_PRICES": "big=1,1,1",
    }
    with pytest.raises(SettingError) as refused:
        read_settings(environ)
    assert str(refused.value) == (
        "PLUMBLINE_REPOSITORY_BUDGET: it caps money, but the price of 'spare' is not known. "
        "Give it in PLUMBLINE_PRICES, or cap calls or tokens instead."
    )


def test_the_pages_password_is_given_or_named_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("a long password of mine\n")

    given = read_settings({"PLUMBLINE_WEB_PASSWORD": " a long password of mine "})
    named = read_settings({"PLUMBLINE_WEB_PASSWORD_FILE": str(file)})
    assert (given.web, named.web) == (WebSettings("a long password of mine"),) * 2
    assert read_settings({}).web == WebSettings("")
    assert "mine" not in repr(given)


@pytest.mark.parametrize(
    ("environ", "key", "problem"),
    [
        ({"PLUMBLINE_WEB_PASSWORD": "fifteen letters"}, "", "it has 15 characters"),
        ({"PLUMBLINE_WEB_PASSWORD_FILE": "short"}, "_FILE", "it has 4 characters"),
        ({"PLUMBLINE_WEB_PASSWORD_FILE": "empty"}, "_FILE", "the file is empty"),
        ({"PLUMBLINE_WEB_PASSWORD_FILE": "none"}, "_FILE", "'none' cannot be read ("),
        (
            {"PLUMBLINE_WEB_PASSWORD": "x", "PLUMBLINE_WEB_PASSWORD_FILE": "short"},
            "",
            "both it and PLUMBLINE_WEB_PASSWORD_FILE are set",
        ),
    ],
)
def test_a_password_that_protects_nothing_is_refused(
    environ: dict[str, str], key: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short").write_text("four")
    Path("empty").write_text("\n")

    with pytest.raises(SettingError) as refused:
        read_settings(environ)

    assert refused.value.key == f"PLUMBLINE_WEB_PASSWORD{key}"
    assert refused.value.problem.startswith(problem)
    assert "fifteen" not in str(refused.value)
