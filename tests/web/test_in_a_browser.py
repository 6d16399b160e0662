"""The pages in a real browser, by its keyboard and its own rules for cookies, forms and styles.

Debian's package `chromium` is used where it is; TEST_BROWSER_REQUIRED makes its lack an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.fakes.receiver import Receiver
from tests.stories.chromium import WHERE, Browser
from tests.web.filed import Filed
from tests.web.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.skipif(
    WHERE is None and not os.environ.get("TEST_BROWSER_REQUIRED"),
    reason="there is no Chromium here: install Debian's package chromium",
)


@pytest.fixture(name="browser")
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert WHERE, "TEST_BROWSER_REQUIRED is set: install Debian's package chromium"
    with Browser(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


def write(browser: Browser, box: str, text: str) -> None:
    """Type into a box."""
    browser.value(f"document.querySelector({json.dumps(box)}).focus()")
    browser.type(text)


def press(browser: Browser, button: str, then: str) -> None:
    """Press a button, and wait until the page says something."""
    browser.value(f"document.querySelector({json.dumps(button)}).click()")
    said = f"document.body.innerText.includes({json.dumps(then)})"
    browser.wait_until(f"document.readyState === 'complete' && {said}")


def test_signing_in_and_out_reading_teaching_and_forgetting(
    browser: Browser, stranger: Visitor, receiver: Receiver, filed: Filed
) -> None:
    shop = filed.repository("acme/shop")
    filed.review(shop)
    filed.learning(shop, "Prices are integers of cents.")
    memory = f"/web/repositories/5/{shop.id}/memory"
    here = f"http://127.0.0.1:{receiver.port}{memory}"

    browser.open(here)
    assert "Prices are integers" not in browser.value("document.documentElement.outerHTML")
    write(browser, "#password", "a wrong password")
    press(browser, "main form button", "That is not the password.")
    write(browser, "#password", PASSWORD)
    press(browser, "main form button", "Prices are integers of cents.")
    assert browser.value("location.href") == here

    write(browser, "#text", "Names are short.")
    press(browser, "[aria-labelledby=add] button", "Learning 2 is kept.")
    assert "Names are short." in browser.value("document.body.innerText")

    browser.value("document.querySelector('#learning-1 summary').click()")
    press(browser, "#learning-1 .danger", "Learning 1 is forgotten.")
    assert "Prices are integers" not in browser.value("document.body.innerText")
    assert [one.text for one in filed.learnings.known(shop)] == ["Names are short."]

    press(browser, ".top form[method=post] button", "Password")
    browser.open(here)
    assert browser.value("document.title") == "Sign in · Plumbline"


def test_pages_are_styled_fit_a_phone_and_run_no_script(
    browser: Browser, visitor: Visitor, receiver: Receiver, filed: Filed
) -> None:
    shop = filed.repository("acme/" + "a-very-long-name-" * 5)
    text = "<script>document.title = 'hurt'</script><img src=x onerror=\"document.title='hurt'\">"
    key = filed.review(shop, title=f"{text} {'unbroken' * 30}")
    filed.learning(shop, f"{text} {'unbroken' * 30}")
    browser.open(f"http://127.0.0.1:{receiver.port}/web/sign-in")
    write(browser, "#password", PASSWORD)
    press(browser, "main form button", "Repositories")
    browser.be_a_phone()

    place = f"/web/repositories/5/{shop.id}"
    for path in ("/web/", place, f"{place}/memory", f"/web/reviews/{key}"):
        browser.open(f"http://127.0.0.1:{receiver.port}{path}")
        assert browser.value("document.title") != "hurt"
        assert browser.value("document.styleSheets[0].cssRules.length") > 50
        assert browser.value("document.documentElement.scrollWidth") == 390
