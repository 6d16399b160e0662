"""Texts of strangers and models in every field: they are read, and do nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.conversation import Step
from bot.domain.finding import Evidence, Finding
from bot.domain.identifiers import Sha
from bot.domain.intent import IntentContract, Promise, PromiseSource, Unasked, Verdict
from bot.domain.pull_request import RepositoryRef
from bot.domain.review import Coverage, FileCoverage
from bot.web.drawing import MOST_TEXT
from tests.web.filed import REVIEW, Filed
from tests.web.visitor import Page, Visitor

HOSTILE = {
    "script": "</pre></title><script>alert(1)</script>",
    "attribute": "\"'><img src=x onerror=alert(1)> ' onmouseover='alert(1)",
    "link": "javascript:alert(1)",
    "elsewhere": "https://evil.example/x",
    "template": "{{ 99990001 * 9 }}{% include 'layout.html' %}{{ token }}",
    "bidi": "admin\u202e\u2066nimda\u200b\x1b[31m\x07\ufeff",
    "markup": "&lt;b&gt;<b>bold</b><!-- <![CDATA[ ]]> <style>*{display:none}</style>",
    "surrogate": "\udcff\ud800 broken",
    "long": "A" * 60_000,
    "huge word": "<" * 60_000,
}


def poisoned(text: str) -> Finding:
    """A finding that says it in every field."""
    return replace(
        REVIEW.findings[0],
        title=text,
        body=text,
        path=text,
        kind=text,
        symbol=text,
        trigger=text,
        evidence=(Evidence(text, Sha(text), 1, 2, text), Evidence(text, Sha("c" * 40), 3, 3, text)),
        suggestion=text,
        reason=text,
        verification=text,
    )


def poison(filed: Filed, text: str) -> tuple[RepositoryRef, str]:
    """A repository and a review of it that say it in every field; its key."""
    repository = filed.repository(text)
    promise = Promise(
        text, PromiseSource("body", text), Verdict.BROKEN, text, evidence=poisoned(text).evidence
    )
    review = replace(
        REVIEW,
        effort_reason=text,
        intent=IntentContract((promise,), (Unasked(text, promise.evidence),), note=text),
        findings=(poisoned(text),),
        coverage=Coverage((FileCoverage(text, "cut", text),), (text,)),
        notes=(text,),
        models=(text,),
        skipped=text,
        stopped=text,
    )
    said = {"role": text, "content": text}
    step = Step(
        "model", text, {text: text, "messages": [said]}, {"error": text, "t": {text: [text]}}
    )
    key = filed.review(repository, review, title=text, steps=(step,))
    filed.learning(
        repository, text, author=text, link=text, paths=(text,), finding=text, quotes=(text,)
    )
    filed.learning(repository, f"{text} again", link=f"https://github.com/{text}")
    return repository, key


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_in_every_field_is_only_read(
    visitor: Visitor, filed: Filed, name: str
) -> None:
    text = HOSTILE[name]
    repository, key = poison(filed, text)
    place = f"/web/repositories/5/{repository.id}"
    for address in (
        "/web/",
        place,
        f"{place}/memory",
        f"{place}/outcomes",
        f"/web/reviews/{key}",
        f"/web/steps/1/1/{key}",
        f"/web/find?name={key.rpartition('/')[0][:-1]}",
    ):
        seen = visitor.get(address)
        assert (seen.status, address) == (200, address) or seen.status == 303
        assert harmful(seen.page) == []
        assert len(seen.html) < MOST_TEXT * len("&lt;") + 200_000
        assert [char for char in "\u202e\u2066\u200b\x1b\x07\ufeff" if char in seen.html] == []
        assert "899910009" not in seen.html  # what the template would make of its product


def harmful(page: Page) -> list[tuple[str, dict[str, str]]]:
    """Tags and attributes that no template of ours writes, and addresses that lead elsewhere."""
    found = [
        (tag, given)
        for tag, given in page.tags
        if tag in ("script", "style", "b", "iframe", "object", "base", "svg")
        or any(name.startswith("on") or name == "style" for name in given)
        or (tag == "img" and given["src"] != "/web/icon.svg")
        or (tag == "link" and not given["href"].startswith("/web/"))
    ]
    ours = ("/web/", "https://github.com/", "#main")
    return found + [("link", {"to": link}) for link in page.links if not link.startswith(ours)]


def test_what_is_too_long_is_cut_and_says_so(visitor: Visitor, filed: Filed) -> None:
    _, key = poison(filed, "A" * 60_000)
    seen = visitor.get(f"/web/reviews/{key}")
    assert "… (40,000 more characters)" in seen.text
    assert "A" * 20_001 not in seen.html


def test_all_texts_of_a_page_together_are_bounded_and_its_forms_stay_whole(
    visitor: Visitor, filed: Filed
) -> None:
    findings = tuple(replace(poisoned("A" * 60_000), line=line) for line in range(1, 12))
    key = filed.review(filed.repository(), replace(REVIEW, findings=findings))

    seen = visitor.get(f"/web/reviews/{key}")

    assert MOST_TEXT < len(seen.html) < MOST_TEXT + 500_000
    assert len(seen.page.forms[0].fields["token"]) == 64
    assert "(60,000 more characters)" in seen.text


def test_what_cannot_be_seen_is_written_out(visitor: Visitor, filed: Filed) -> None:
    _, key = poison(filed, HOSTILE["bidi"])
    seen = visitor.get(f"/web/reviews/{key}")
    assert "admin{U+202E}{U+2066}nimda{U+200B}{U+001B}[31m{U+0007}{U+FEFF}" in seen.text


def test_hostile_words_in_addresses_and_forms_do_nothing(visitor: Visitor, filed: Filed) -> None:
    shop = filed.repository()
    filed.review(shop)
    memory = f"/web/repositories/5/{shop.id}/memory"
    words = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"

    seen = [
        visitor.get(f"/web/find?name={words}"),
        visitor.get(f"{memory}?done={words}&number={words}"),
        visitor.press(memory, memory, text='"><script>alert(1)</script>', paths="<img src=x>,#"),
        Visitor(visitor.port).get(f"/web/{words}"),
        Visitor(visitor.port).get(f"/web/?x={words}"),
    ]

    assert [harmful(one.page) for one in seen] == [[]] * 5
    assert [one.status for one in seen] == [200, 200, 422, 404, 401]
