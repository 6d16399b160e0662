"""Names that the tests of the queue share."""

from __future__ import annotations

from bot.domain.delivery import HeadChange, Plan, Receipt
from bot.domain.identifiers import DeliveryId, InstallationId, RepositoryId, Sha
from bot.domain.jobs import AcknowledgePull, CancelPull, ReviewPull, Trigger
from bot.domain.pull_request import PullRef, RepositoryRef

SHOP = RepositoryRef(RepositoryId(7), "acme/shop", InstallationId(3))
PULL = PullRef(SHOP, 12)


def head(number: int) -> Sha:
    """A commit id that ends in its number."""
    return Sha(f"{number:040x}")


def receipt(number: int) -> Receipt:
    """A delivery of its own."""
    return Receipt(DeliveryId(f"guid-{number}"), f"hash-{number}")


def event(number: int, gather: bool = True, at: str = "", pull: PullRef = PULL) -> Plan:
    """What a push to `head(number)` asks for; without `gather`, what an opened one does."""
    trigger = Trigger("event")
    return Plan(
        jobs=(AcknowledgePull(pull, head(number), trigger),),
        change=HeadChange(pull, head(number), updated_at=at),
        review=ReviewPull(pull, trigger),
        gather=gather,
    )


def closed(number: int, at: str = "") -> Plan:
    """What closing asks for."""
    return Plan((CancelPull(PULL, head(number)),), HeadChange(PULL, head(number), True, at))
