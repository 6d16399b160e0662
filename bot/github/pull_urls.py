"""A pull request's address, as a person copies it from the browser. Pure."""

from __future__ import annotations

import re

from bot.errors import UserError

_PULL = re.compile(
    r"https?://[^/\s]+/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)/pull/(?P<number>[1-9]\d{0,8})"
    r"(?:[/?#]\S*)?"
)


def parse_pull_url(url: str) -> tuple[str, int]:
    """(`owner/name`, number) of `https://github.com/owner/name/pull/5`, with or without a tail.

    Raises:
        UserError: it is not the address of a pull request.
    """
    match = _PULL.fullmatch(url.strip())
    if match is None:
        raise UserError(
            f"{url!r} is not the address of a pull request;"
            " give one such as https://github.com/acme/shop/pull/5"
        )
    return f"{match['owner']}/{match['name']}", int(match["number"])
