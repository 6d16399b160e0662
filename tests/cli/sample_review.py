"""A review with one of everything, as the terminal's tests show it."""

from __future__ import annotations

from bot.domain.finding import Category, Evidence, Fate, Finding, Origin, Severity
from bot.domain.identifiers import Sha
from bot.domain.intent import IntentContract, Promise, PromiseSource, Unasked, Verdict
from bot.domain.review import CallSite, Coverage, FileCoverage, LedgerEntry, Review, ReviewUsage

BASE = Sha("b" * 40)
HEAD = Sha("a1" * 20)

USERS = b"""\
from shop.store import rows


def find_user(user_id: int) -> User | None:
    \"\"\"The user of this id.\"\"\"
    for row in rows("users"):
        if row.id == user_id:
            return User(row)
    return None
"""
RETRY = b"""\
def send(request: Request) -> Response:
    for attempt in range(RETRIES):
        response = transport(request)
        if response.status != 503:
            return response
    return response
"""
FILES = {(HEAD, "shop/users.py"): USERS, (HEAD, "shop/http/retry.py"): RETRY}


def sources(commit: Sha, path: str) -> bytes | None:
    """The files of the sample."""
    return FILES.get((commit, path))


SIGNATURE = Finding(
    title="find_user() no longer takes `tenant`, and two callers still pass it",
    body="`tenant` was removed from the parameters. Both callers below raise TypeError as soon as "
    "they run.",
    severity=Severity.P0,
    category=Category.CONTRACT,
    origin=Origin.CHECK,
    path="shop/users.py",
    line=4,
    confidence=1.0,
    kind="signature",
    symbol="shop.users.find_user",
    trigger="any request to /profile",
    evidence=(
        Evidence("shop/users.py", HEAD, 4, 4, "def find_user(user_id: int) -> User | None:"),
        Evidence(
            "shop/views.py",
            HEAD,
            88,
            89,
            '    user = find_user(request.user_id,\n                     tenant="acme")',
        ),
        Evidence("shop/jobs/mail.py", HEAD, 12, 12, "find_user(7, tenant=None)"),
    ),
    suggestion="def find_user(user_id: int, tenant: str | None = None) -> User | None:",
    fate=Fate.POSTED,
    reason="P0 is at or above P1, and a check is certain",
)
RETRIED = Finding(
    title="The last attempt's 503 is returned as if it were an answer",
    body="After RETRIES attempts the loop falls through and returns the 503 response. The callers "
    "treat every returned response as a success.",
    severity=Severity.P1,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="shop/http/retry.py",
    line=3,
    end_line=6,
    confidence=0.86,
    kind="swallowed-failure",
    symbol="shop.http.retry.send",
    trigger="the server answers 503 to every attempt",
    evidence=(Evidence("shop/http/retry.py", HEAD, 6, 6, "    return response"),),
    fate=Fate.POSTED,
    reason="P1 is at or above P1; confidence 0.86 is at or above 0.70",
)
REFUTED = Finding(
    title="rows() may be None",
    body="It is not.",
    severity=Severity.P2,
    category=Category.CORRECTNESS,
    origin=Origin.HUNT,
    path="shop/users.py",
    line=6,
    confidence=0.1,
    kind="none-dereference",
    symbol="shop.users.find_user",
    evidence=(Evidence("shop/users.py", HEAD, 6, 6, '    for row in rows("users"):'),),
    fate=Fate.REFUTED,
    reason="rows() returns a list in every branch (shop/store.py:10)",
)

REVIEW = Review(
    status="partial",
    base=BASE,
    head=HEAD,
    effort="standard",
    effort_reason="2 changed contracts with 5 callers",
    intent=IntentContract(
        promises=(
            Promise(
                text="Requests that meet a 503 are sent again.",
                source=PromiseSource("title", "Retry requests on 503"),
                verdict=Verdict.KEPT,
                why="send() loops over the attempts and returns on any other status.",
                evidence=(
                    Evidence(
                        "shop/http/retry.py", HEAD, 2, 2, "    for attempt in range(RETRIES):"
                    ),
                ),
            ),
            Promise(
                text="The caller is told when all attempts failed.",
                source=PromiseSource("body", "raises Unavailable after the last one"),
                verdict=Verdict.BROKEN,
                why="Nothing raises: the 503 response is returned.",
                evidence=(Evidence("shop/http/retry.py", HEAD, 6, 6, "    return response"),),
            ),
            Promise(
                text="No endpoint gets slower.",
                source=PromiseSource("commit", "no cost for the happy path"),
                verdict=Verdict.UNVERIFIABLE,
                why="",
                implied=True,
            ),
        ),
        unasked=(
            Unasked(
                "The parameter `tenant` of find_user() was removed.",
                (Evidence("shop/users.py", HEAD, 4, 4, "def find_user(user_id: int)"),),
            ),
        ),
    ),
    findings=(RETRIED, SIGNATURE, REFUTED),
    ledger=(
        LedgerEntry(
            symbol="shop.users.find_user",
            change="parameter `tenant` removed",
            sites=(
                CallSite("shop/admin.py", 12, "T1", "safe", "still binds: 1 positional"),
                CallSite("shop/views.py", 88, "T1", "broken", "passes tenant="),
                CallSite("shop/jobs/mail.py", 12, "T2", "broken", "passes tenant="),
                CallSite(
                    "shop/legacy/load.py", 301, "T2", "not_inspected", "called with **options"
                ),
            ),
            possible=3,
        ),
    ),
    coverage=Coverage(
        files=(
            FileCoverage("shop/users.py", "read"),
            FileCoverage("shop/http/retry.py", "read"),
            FileCoverage("uv.lock", "listed", "lock file"),
            FileCoverage("vendor/big.js", "skipped", "ignored by the policy (vendor/**)"),
            FileCoverage("shop/schema.py", "cut", "over the input budget"),
        ),
        not_done=("the verification of 1 finding: the time was up",),
    ),
    usage=ReviewUsage(
        model_calls=6,
        input_tokens=48_210,
        cached_tokens=31_000,
        output_tokens=2_950,
        seconds=41.3,
    ),
    notes=("The model primary-large did not answer; small-one was asked instead.",),
    models=("small-one",),
)

CLEAN = Review(
    status="complete",
    base=BASE,
    head=HEAD,
    effort="light",
    coverage=Coverage(files=(FileCoverage("shop/users.py", "read"),)),
    usage=ReviewUsage(model_calls=1, input_tokens=2_100, output_tokens=90, seconds=3.2),
    models=("small-one",),
)
