"""Templates and those who render them; and the variables that a changed template newly names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from workers.repository.links.link import LONGEST_LINE

_TEMPLATE = re.compile(
    r"\.(jinja2?|j2|erb|ejs|hbs|handlebars|mustache|tmpl|gohtml|twig|blade\.php|haml|slim|pug"
    r"|liquid|njk|ftl|cshtml)$|(^|/)(templates|views)/.*\.(html?|txt|xml)$"
)
_HOME = re.compile(r"(?:^|.*/)(?:templates|views)/")
_SUFFIXES = re.compile(r"(\.(html?|txt|xml|js|css))?\.[\w.]+$")
_EXPRESSION = re.compile(r"\{\{-?\s*(.+?)\s*-?\}\}|\{%-?\s*(.+?)\s*-?%\}|<%[=-]?\s*(.+?)\s*-?%>")
_ROOT = re.compile(r"(?<![\w.\"'@|-])@?([A-Za-z_]\w*)(?!\s*\(|\w)")
_BINDS = re.compile(
    r"\b(?:for|set|with|as|macro|let|const)\s+([\w, ]+?)(?=\s+in\b|\s*[=(%])|\|([\w, ]+)\|"
)
_KEYWORDS = frozenset(
    "if else elif elsif end endif for endfor in not and or is none null nil true false block"
    " endblock extends include import from as with endwith set endset macro endmacro call range"
    " template define do each unless var let const this loop forloop super static url trans load"
    " i18n csrf_token safe default partial raw endraw filter endfilter dict items len".split()
)


def is_template(path: str) -> bool:
    """Whether the file is a template, by its suffix and folder."""
    return bool(_TEMPLATE.search(path))


def names_of(path: str) -> list[str]:
    """How code may name a template: `users/show.html.erb`, `users/show.html`, `users/show`.

    A bare word says nothing, so the shortest holds a folder or a suffix.
    """
    inner = _HOME.sub("", path)
    if inner == path:
        inner = "/".join(path.split("/")[-2:])
    bare = _SUFFIXES.sub("", inner)
    names = [inner, inner.rpartition(".")[0], bare, inner.rpartition("/")[2]]
    return list(dict.fromkeys(name for name in names if re.search(r"[./]", name)))


def variables_in(lines: Iterable[str]) -> Iterator[str]:
    """The outermost names in a template's expressions: `user` of `{{ user.name | upper }}`.

    Names that the template binds itself, in a loop or a `set`, are none.
    """
    rows = [text[:LONGEST_LINE] for text in lines]
    binding = (" ".join(found) for text in rows for found in _BINDS.findall(text))
    bound = {name for words in binding for name in re.findall(r"\w+", words)}
    for text in rows:
        for found in _EXPRESSION.finditer(text):
            inner = re.sub(r"([\"']).*?\1", " ", next(filter(None, found.groups()), ""))
            for name in _ROOT.findall(inner.split("|")[0]):
                if name.lower() not in _KEYWORDS and name not in bound:
                    yield name
