"""The templates from which descriptions of a repository's pull requests begin."""

from __future__ import annotations

import re

from bot.domain.identifiers import Sha
from bot.ports import Code
from workers.context.sources import Sources
from workers.review.boilerplate import template_lines

_PATH = re.compile(r"(?:\.github/|docs/)?pull_request_template(?:\.\w+|/[^/]+\.\w+)", re.IGNORECASE)
_MOST_TEMPLATES = 20
_MOST_LINES = 1_000


def read_templates(code: Code, sources: Sources, base: Sha) -> frozenset[str]:
    """Their lines at the base, as `without_boilerplate` wants them; that of an organisation is not
    in the clone. Where GitHub looks: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository

    A repository may have several; which one an author began with is not told, so all of them count.
    """
    paths = [path for path in code.paths(base) if _PATH.fullmatch(path)]
    found = (sources.lines(base, path) or () for path in paths[:_MOST_TEMPLATES])
    return template_lines("\n".join(lines[:_MOST_LINES]) for lines in found)
