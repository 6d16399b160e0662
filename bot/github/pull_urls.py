"""A pull request's address, as a person copies it from the browser. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

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


def refuse_elsewhere(url: str, web_url: str) -> None:
    """A pull request of one GitHub must not be looked up, or posted to, on another.

    Raises:
        UserError: the address is not on the GitHub that the settings name.
    """
    parse_pull_url(url)
    host, ours = (urlsplit(address.strip()).netloc.lower() for address in (url, web_url))
    if host.removeprefix("www.") != ours.removeprefix("www."):
        raise UserError(
            f"{url!r} is not on {web_url}. For GitHub at {host} set PLUMBLINE_GITHUB_GIT_URL"
            f" to https://{host} and PLUMBLINE_GITHUB_API_URL to https://{host}/api/v3"
        )
