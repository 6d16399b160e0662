"""Who may write: asked of GitHub, but not as often as strangers would like."""

from __future__ import annotations

from bot.github.permissions import KNOWN_SECONDS, MOST_ASKED, Writers
from tests.github.conftest import World


def test_a_crowd_costs_a_bounded_number_of_requests_and_is_not_heard(world: World) -> None:
    now = [0.0]
    github = world.connect()
    writers = Writers(github.onlooker._client, lambda: now[0])
    repository = world.ref.repository
    before = len(world.sandbox.requests)

    def asked() -> int:
        return sum("/permission" in call for call in world.calls(before))

    assert writers.write(repository, "bob")
    for number in range(2 * MOST_ASKED):
        assert not writers.write(repository, f"puppet{number}")
    assert (asked(), writers.write(repository, "alice")) == (MOST_ASKED, False)
    now[0] = KNOWN_SECONDS
    assert writers.write(repository, "alice")
    assert asked() == MOST_ASKED + 1


def test_whom_github_will_not_speak_of_may_not_write(world: World) -> None:
    refusal = {"message": "Must be an admin"}
    world.sandbox.fail("/permission$", status=403, body=refusal, times=None)
    writers = Writers(world.connect().onlooker._client)
    assert not writers.write(world.ref.repository, "bob")
