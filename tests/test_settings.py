"""What the operator names, and what is said of a value that cannot be used."""

from __future__ import annotations

import pytest

from bot.errors import SettingError
from bot.settings import PackageIndexSettings, read_settings


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
