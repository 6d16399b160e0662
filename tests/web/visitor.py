"""A browser without a screen: it keeps cookies, sends forms, and says where it comes from."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PASSWORD = "plumb lines hang true"


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer. Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    html: str

    @property
    def page(self) -> Page:
        """The answer as a person or a browser reads it."""
        return Page(self.html)

    @property
    def text(self) -> str:
        """What a person reads of it, with white space as one blank."""
        return " ".join(" ".join(self.page.texts).split())


@dataclass
class Visitor:
    """One browser at one receiver. `headers` go with each request, over what it would send."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Seen:
        """Follow a link; redirects are not followed."""
        return self._ask("GET", path, "", headers)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Seen:
        """Send a form as a page of the same origin does. `headers`: `_` stands for `-`."""
        own = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": f"http://127.0.0.1:{self.port}",
            "sec-fetch-site": "same-origin",
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask("POST", path, urlencode(fields), {**own, **given})

    def sign_in(self, password: str = PASSWORD, there: str = "/web/") -> Seen:
        """Type the password."""
        return self.post("/web/sign-in", {"password": password, "there": there})

    def press(self, path: str, action: str, **fields: str) -> Seen:
        """Open a page, fill its form of this action, send it, go where it leads."""
        form = next(one for one in self.get(path).page.forms if one.action == action)
        answer = self.post(action, {**form.fields, **fields})
        return self.get(answer.headers["location"]) if answer.status == 303 else answer

    def _ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Seen:
        sent = {**headers, **self.headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body or None, {k: v for k, v in sent.items() if v})
            answer = connection.getresponse()
            self._take(answer.headers.get_all("set-cookie") or [])
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Seen(answer.status, found, answer.read().decode())
        finally:
            connection.close()

    def _take(self, cookies: list[str]) -> None:
        for text in cookies:
            for name, morsel in SimpleCookie(text).items():
                self.cookies.pop(name, None)
                if morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value


@dataclass(frozen=True, slots=True)
class Form:
    """A form that posts, and what it sends untouched."""

    action: str
    fields: dict[str, str]


class Page(HTMLParser):
    """What is in a page: texts, tags with attributes, links, forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.feed(html)

    @property
    def links(self) -> list[str]:
        """Every address that the page holds, in whatever attribute."""
        names = ("href", "src", "action", "formaction", "srcset", "poster", "data")
        return [
            given[name] for _, given in self.tags for name in names if given.get(name) is not None
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given["action"], {}))
        elif tag == "input" and self.forms and "value" in given:
            self.forms[-1].fields[given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.texts.append(data)
