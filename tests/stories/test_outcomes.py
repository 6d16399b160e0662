"""What becomes of a posted finding is seen: by events where there are any, by looks elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from urllib.request import urlopen

import pytest

from bot.domain.outcome import Outcome
from sandbox.state.comments import ReviewComment, Thread
from sandbox.state.pulls import PullRequest
from tests.fakes.answers import looked_again, rooms
from tests.fakes.scripted_model import ScriptedModel
from tests.stories.projects import CART, SKIPS_THE_FIRST, WRONG_TOTAL
from tests.stories.test_disputes import COUNTS, HEADER, NAMED, looked
from tests.stories.world import World

RIGHT_AGAIN = {"shop/cart.py": CART.replace("sum(prices)", "sum(list(prices))")}
GONE = {"results": [looked_again(1, "fixed", why="All prices are summed.")]}


@pytest.fixture(name="pull")
def _posted(world: World) -> PullRequest:
    """A pull request on which one finding was posted, and looked at once."""
    return posted(world)


def posted(world: World) -> PullRequest:
    """The same; each call opens another one."""
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL)
    world.drain()
    assert seen(world, pull) == "open"
    return pull


def outcome(world: World, pull: PullRequest) -> Outcome:
    """Of the one finding."""
    (found,) = world.app.jobs.looking.outcomes.known(world.ref(pull))
    return found


def seen(world: World, pull: PullRequest) -> str:
    """What it became, then every signal behind that: `fixed: fixed changed resolved`."""
    found = outcome(world, pull)
    names = [name for name in found.signals.__slots__ if getattr(found.signals, name) is not None]
    return f"{found.became}: {' '.join(names)}" if names else found.became


def thread(world: World, pull: PullRequest) -> Thread:
    """Ours."""
    (found,) = world.github.threads(pull)
    return found


def our_comment(world: World, pull: PullRequest) -> ReviewComment:
    """The one to which people react."""
    return world.github.world.review_comments.of_thread(thread(world, pull))[0]


def looks(world: World) -> int:
    """How often GitHub was asked."""
    return sum(b"query Look(" in request.body for request in world.github.requests)


def push_unreviewed(world: World, pull: PullRequest) -> None:
    """Other lines, while automatic reviews are paused."""
    world.github.comment(pull, "@plumbline pause")
    world.drain()
    world.github.push(pull, RIGHT_AGAIN)
    world.drain()


def merge(world: World, pull: PullRequest) -> None:
    """And let the last look be taken."""
    world.github.merge(pull)
    world.drain()


# Each of the words


def test_mended_by_a_push_that_was_reviewed(world: World, pull: PullRequest) -> None:
    world.model = rooms(recheck=GONE)
    world.github.push(pull, RIGHT_AGAIN)
    world.drain()
    assert seen(world, pull) == "fixed: fixed changed"
    merge(world, pull)
    assert seen(world, pull) == "fixed: fixed changed merged"


def test_mended_and_broken_again_is_not_mended(world: World, pull: PullRequest) -> None:
    """Its thread is closed by us and outdated; a review of this head saw it all the same."""
    world.model = rooms(recheck=GONE)
    world.github.push(pull, RIGHT_AGAIN)
    world.drain()
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    world.github.push(pull, WRONG_TOTAL)
    world.drain()
    merge(world, pull)
    assert seen(world, pull) == "ignored: merged"


def test_pushed_while_paused_the_lines_changed_and_nobody_knows_more(
    world: World, pull: PullRequest
) -> None:
    push_unreviewed(world, pull)
    assert seen(world, pull) == "open: changed"
    merge(world, pull)
    assert seen(world, pull) == "changed: changed merged"


def test_pushed_while_paused_and_the_thread_closed_by_a_person(
    world: World, pull: PullRequest
) -> None:
    push_unreviewed(world, pull)
    world.github.resolve(thread(world, pull), by="bob")
    world.drain()
    assert seen(world, pull) == "resolved_with_change: changed resolved"


def test_merged_over_without_a_word(world: World, pull: PullRequest) -> None:
    merge(world, pull)
    assert seen(world, pull) == "ignored: merged"


def test_closed_unmerged_then_reopened_and_merged(world: World, pull: PullRequest) -> None:
    world.github.close(pull)
    world.drain()
    assert seen(world, pull) == "closed: closed"
    world.github.reopen(pull)
    world.drain()
    assert seen(world, pull) == "open"
    merge(world, pull)
    assert seen(world, pull) == "ignored: merged"


def test_dismissed_then_reopened(world: World, pull: PullRequest) -> None:
    world.github.reply(thread(world, pull), "@plumbline dismiss We sell by the dozen.", by="bob")
    world.drain()
    assert seen(world, pull) == "dismissed: dismissed resolved"
    world.github.reply(thread(world, pull), "@plumbline reopen", by="bob")
    world.drain()
    assert seen(world, pull) == "open"


def test_withdrawn_in_a_dispute(world: World, pull: PullRequest) -> None:
    world.model = ScriptedModel([looked("withdraw", COUNTS)])
    world.github.reply(thread(world, pull), HEADER, by="bob")
    world.drain()
    assert seen(world, pull) == "withdrawn: withdrawn resolved"


def test_contradicted_upheld_and_merged_over(world: World, pull: PullRequest) -> None:
    world.model = ScriptedModel([looked("stands", NAMED)])
    world.github.reply(thread(world, pull), HEADER, by="bob")
    world.drain()
    merge(world, pull)
    assert seen(world, pull) == "disputed: disputed merged"


# Signals that send no event, and one that does


def test_thumbs_send_no_event_and_are_seen_at_close(world: World, pull: PullRequest) -> None:
    world.github.react(our_comment(world, pull), "+1", by="alice")
    world.drain()
    assert seen(world, pull) == "open"
    merge(world, pull)
    assert seen(world, pull) == "liked: liked merged"
    assert (outcome(world, pull).ups, outcome(world, pull).downs) == (1, 0)


def test_whoever_may_not_write_moves_no_confidence(world: World) -> None:
    """A contributor reacts to findings on their own pull request, disputes and dismisses them; so
    does a friend, where the policy lets them. The App would soon believe itself less."""
    allowed = "version: 1\nmentions: {allow: {dispute: read, dismiss: read}}\n"
    world.shop({".github/plumbline.yml": allowed})
    world.github.set_role("acme/shop", "trudy", "read")
    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    pull = world.open(WRONG_TOTAL, author="mallory", fork=True)
    world.drain()
    for login in ("mallory", "trudy"):
        world.github.react(our_comment(world, pull), "-1", by=login)
    world.model = ScriptedModel([looked("stands", NAMED)])
    world.github.reply(thread(world, pull), HEADER, by="mallory")
    world.drain()
    assert seen(world, pull) == "open"
    world.github.reply(thread(world, pull), "@plumbline dismiss Wrong.", by="trudy")
    world.drain()
    assert "**Dismissed by trudy.** Wrong." in our_comment(world, pull).body
    assert seen(world, pull) == "resolved: resolved"


def test_thumbs_of_bots_ours_among_them_do_not_count(world: World, pull: PullRequest) -> None:
    world.github.react(our_comment(world, pull), "+1", by="plumbline[bot]")
    world.github.react(our_comment(world, pull), "-1", by="other-app[bot]")
    merge(world, pull)
    assert seen(world, pull) == "ignored: merged"


def test_a_thread_that_a_person_closes_is_seen_by_its_event(
    world: World, pull: PullRequest
) -> None:
    world.github.resolve(thread(world, pull), by="bob")
    world.drain()
    assert seen(world, pull) == "resolved: resolved"
    world.github.unresolve(thread(world, pull), by="bob")
    world.drain()
    assert seen(world, pull) == "open"


def test_what_happens_within_a_minute_is_seen_by_one_look(world: World, pull: PullRequest) -> None:
    before = looks(world)
    for _ in range(3):
        world.github.resolve(thread(world, pull), by="bob")
        world.github.unresolve(thread(world, pull), by="bob")
    world.github.comment(pull, "@plumbline help")
    world.drain_now()
    world.github.comment(pull, "@plumbline config")
    world.drain()
    assert looks(world) - before == 1


def test_threads_of_people_are_not_looked_at(world: World, pull: PullRequest) -> None:
    theirs = world.github.comment_on_line(pull, "shop/cart.py", 2, "Why?", by="bob")
    world.drain()
    before = looks(world)
    world.github.resolve(theirs.thread, by="alice")
    world.drain()
    assert looks(world) == before


def test_a_thread_that_we_close_at_a_persons_word_is_closed_by_a_person(
    world: World, pull: PullRequest
) -> None:
    world.github.reply(thread(world, pull), "@plumbline resolve", by="bob")
    world.drain()
    assert seen(world, pull) == "resolved: resolved"


# When and how often


def test_one_query_a_look_and_none_where_nothing_was_posted(world: World) -> None:
    world.model = rooms()
    clean = world.open(WRONG_TOTAL)
    world.drain()
    merge(world, clean)
    assert looks(world) == 0

    world.model = rooms(hunt={"defects": [SKIPS_THE_FIRST], "sites": []})
    wrong = {"shop/cart.py": CART.replace("len(prices)", "sum(prices[1:])")}
    found = {**SKIPS_THE_FIRST, "line": 6, "end_line": 6}
    found["evidence"] = [{**SKIPS_THE_FIRST["evidence"][0], "line": 6}]
    world.model = rooms(hunt={"defects": [found], "sites": []})
    world.open(wrong)
    world.drain()
    assert looks(world) == 1


def test_a_look_waits_for_the_review_of_the_last_push(world: World, pull: PullRequest) -> None:
    """Merged while the review that finds it mended is still being made: it may yet be posted."""
    jobs = world.app.jobs
    with jobs.wanted.hold(world.ref(pull)):
        world.github.merge(pull)
        world.drain_now()
        world.make_due()
        world.drain_now("idle")
    assert seen(world, pull) == "open"
    assert world.failures == [
        "look_at_outcomes attempt 1: TransientError: a review of the last push is being made"
    ]
    world.drain()
    assert seen(world, pull) == "ignored: merged"


def test_an_outage_delays_a_look_and_loses_nothing(world: World, pull: PullRequest) -> None:
    world.github.react(our_comment(world, pull), "-1", by="bob")
    world.github.fail("/graphql", status=502, times=6)
    merge(world, pull)
    assert seen(world, pull) == "disliked: disliked merged"
    assert world.failures
    assert {failure.split(" ")[0] for failure in world.failures} == {"look_at_outcomes"}


def test_a_deleted_comment_leaves_what_was_seen_before(world: World, pull: PullRequest) -> None:
    world.github.react(our_comment(world, pull), "-1", by="bob")
    world.github.comment(pull, "@plumbline config")
    world.drain()
    with world.github.world.lock:
        world.github.world.review_comments.remove(our_comment(world, pull))
    merge(world, pull)
    assert seen(world, pull) == "disliked: disliked merged"


def test_what_an_installation_leaves_behind_is_deleted(world: World, pull: PullRequest) -> None:
    merge(world, pull)
    ref = world.ref(pull)
    world.github.uninstall("acme")
    world.drain()
    assert world.app.jobs.looking.outcomes.known(ref) == []
    assert "plumbline_findings{" not in metrics(world)


def metrics(world: World) -> str:
    """The receiver's page."""
    with urlopen(f"{world.receiver_url}/metrics", timeout=5) as answer:  # noqa: S310 - ours
        text: str = answer.read().decode()
    return text


def test_the_addressed_rate_is_a_metric(world: World) -> None:
    endings: list[Callable[[World, PullRequest], None]] = [_like, _like, _leave_open, merge]
    for end in endings:
        end(world, posted(world))
    page = metrics(world)
    lines = [row for row in page.splitlines() if row.startswith(("plumbline_f", "plumbline_a"))]
    assert lines == [
        'plumbline_findings{category="correctness",severity="P1",became="ignored"} 1',
        'plumbline_findings{category="correctness",severity="P1",became="liked"} 2',
        'plumbline_findings{category="correctness",severity="P1",became="open"} 1',
        'plumbline_addressed_rate{category="correctness",severity="P1"} 0.6667',
    ]


def _leave_open(world: World, pull: PullRequest) -> None:
    """Nothing is done."""


def _like(world: World, pull: PullRequest) -> None:
    world.github.react(our_comment(world, pull), "+1", by="bob")
    world.github.close(pull)
    world.drain()
