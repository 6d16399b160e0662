"""How a request came, by what its connection and its headers say. Pure.

A header can be forged by whoever sends the request; by pages that make a browser send one only
where their own name was pointed here (DNS rebinding), and even then not `Host`, `Origin` or a
cookie. So what is decided here protects an honest browser from the network and other pages; who may
come in is decided by the password alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_BY_A_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "via")


@dataclass(frozen=True, slots=True)
class Wire:
    """One request: scheme and client's address of its connection, and its headers (lower case)."""

    scheme: str
    client: str
    headers: Mapping[str, str]

    @property
    def https(self) -> bool:
        """The browser spoke HTTPS: to a proxy, which says so."""
        said = self.headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
        return self.scheme == "https" or said == "https"

    @property
    def local(self) -> bool:
        """The browser runs on this machine and asked for it by a name that leads nowhere else.

        The name counts too: a page whose own name was pointed here (DNS rebinding) is not local.
        """
        passed_on = any(name in self.headers for name in _BY_A_PROXY)
        return not passed_on and _is_loopback(self.client) and _is_loopback(self._host_name)

    @property
    def private(self) -> bool:
        """Nobody on the way can read the password or the page."""
        return self.https or self.local

    @property
    def from_our_page(self) -> bool:
        """A page of this origin made the browser send it; browsers say so in one of two headers.

        https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
        https://fetch.spec.whatwg.org/#origin-header
        """
        site, origin = self.headers.get("sec-fetch-site"), self.headers.get("origin")
        if site is not None and site != "same-origin":
            return False
        return site is not None if origin is None else origin == self.origin

    @property
    def origin(self) -> str:
        """Of our pages, as the browser that sent this names it."""
        scheme, usual = ("https", ":443") if self.https else ("http", ":80")
        return f"{scheme}://{self.headers.get('host', '').lower().removesuffix(usual)}"

    @property
    def address(self) -> str:
        """Whose wrong passwords are counted together: an IPv4 address, or a /64 of IPv6.

        Behind a proxy the last address is the one that the nearest proxy saw; earlier ones may be
        invented.
        """
        passed_on = self.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        try:
            address = ipaddress.ip_address((passed_on or self.client).partition("%")[0])
        except ValueError:
            return "unknown"
        if address.version == 6:
            return str(ipaddress.ip_network(f"{address}/64", False))
        return str(address)

    @property
    def _host_name(self) -> str:
        try:
            return urlsplit(f"//{self.headers.get('host', '')}").hostname or ""
        except ValueError:
            return ""


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
