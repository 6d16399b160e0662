"""Any OpenAI-compatible server as ports.Model: fallbacks, backoff, and forms it learns to speak."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from openai import DefaultHttpxClient, OpenAI, OpenAIError

from bot.domain.conversation import ModelAnswer, ModelRequest
from bot.errors import ModelUnavailable, PromptTooLong
from bot.settings import ModelSettings
from workers.model.breaker import Breaker
from workers.model.dialect import Dialect, first_dialect, step_down
from workers.model.failures import Failure, failure_of
from workers.model.wire import NoCompletion, constrains, from_wire, to_wire

OPENAI_URL = "https://api.openai.com/v1"
ATTEMPTS = 3
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 20.0  # a server that asks for longer is passed over
LONGEST_COMPLAINT = 300  # characters of what a server says of its failure
LONGEST_CALL = 2.0  # times the seconds of one attempt, over all attempts and models

Sleep = Callable[[float], None]


def load_sdk() -> None:
    """Import what the SDK imports only when it is used, so that no job waits for it."""
    with OpenAI(api_key="none", base_url=OPENAI_URL) as client:
        _ = client.chat.completions


@dataclass(slots=True)
class _Endpoint:
    """What this process knows of one model."""

    name: str
    dialect: Dialect
    breaker: Breaker


@dataclass(slots=True)
class _Call:
    """One `complete`: what it has gone through and how long it may still take.

    `seconds`: the most that one attempt may take.
    """

    request: ModelRequest
    seconds: float
    ends: float
    notes: list[str] = field(default_factory=list)
    overflows: list[Failure] = field(default_factory=list)

    def failure(self) -> ModelUnavailable:
        """That no model answered, and how each failed."""
        text = f"No configured model answered. {'; '.join(self.notes)}"
        if not self.overflows:
            return ModelUnavailable(text)
        windows = (failure.window for failure in self.overflows)
        return PromptTooLong(text, max((size for size in windows if size), default=None))


class OpenAIModel:
    """ports.Model over chat completions. Safe to use from several threads at once.

    Every retry is ours and shows in the answer's notes; redirects are not followed; the address
    comes from the operator's settings alone.
    """

    def __init__(self, settings: ModelSettings, sleep: Sleep = time.sleep) -> None:
        """`sleep` waits between attempts; a test passes one that only keeps the seconds."""
        if not settings.configured:
            raise ValueError("no model is configured: PLUMBLINE_MODEL is empty")
        self._settings = settings
        self._sleep = sleep
        self._lock = threading.Lock()
        self._endpoints: dict[str, _Endpoint] = {}
        self._client = OpenAI(
            api_key=settings.api_key or "none",  # local servers need none, the SDK does
            base_url=settings.base_url or OPENAI_URL,
            max_retries=0,
            http_client=DefaultHttpxClient(follow_redirects=False),
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def complete(self, request: ModelRequest) -> ModelAnswer:
        """One answer, of the first model that gives one.

        Raises:
            ModelUnavailable: every configured model failed; the message says how each did.
            PromptTooLong: at least one of them because the prompt is more than it holds.
        """
        started = time.monotonic()
        seconds = min(self._settings.answer_seconds, request.timeout_seconds)
        call = _Call(request, seconds, ends=started + LONGEST_CALL * seconds)
        for endpoint in self._candidates(request):
            if not endpoint.breaker.allows():
                call.notes.append(f"{endpoint.name}: passed over after repeated failures")
                continue
            answer = self._attempts(endpoint, call)
            if answer is not None:
                seconds = time.monotonic() - started
                notes = (*call.notes, *endpoint.dialect.differences(), *answer.notes)
                return replace(answer, seconds=seconds, notes=notes)
        raise call.failure()

    def _candidates(self, request: ModelRequest) -> Iterator[_Endpoint]:
        settings = self._settings
        first = (settings.fast_model,) if request.tier == "fast" else ()
        names = (*first, settings.model, *settings.fallback_models)
        for name in dict.fromkeys(name for name in names if name):
            with self._lock:
                fresh = _Endpoint(name, first_dialect(bool(settings.base_url)), Breaker())
                endpoint = self._endpoints.setdefault(name, fresh)
            yield endpoint

    def _attempts(self, endpoint: _Endpoint, call: _Call) -> ModelAnswer | None:
        """The answer of one model; None, with notes, when it gives none."""
        for attempt in range(1, ATTEMPTS + 1):
            outcome = self._speak(endpoint, call)
            if isinstance(outcome, ModelAnswer):
                endpoint.breaker.succeeded()
                return outcome
            call.notes.append(f"{endpoint.name}: {outcome.text}")
            if outcome.kind == "overflow":
                call.overflows.append(outcome)  # the model is well: its breaker does not count this
                return None
            if outcome.kind != "retry" or attempt == ATTEMPTS:
                break
            if not self._wait(attempt, outcome, call):
                break
        endpoint.breaker.failed()
        return None

    def _speak(self, endpoint: _Endpoint, call: _Call) -> ModelAnswer | Failure:
        """One attempt, in plainer and plainer forms until the server takes one.

        A form is remembered only when it worked: a refusal may have had another reason.
        """
        dialect = endpoint.dialect
        while True:
            outcome = self._send(endpoint.name, dialect, call)
            if isinstance(outcome, ModelAnswer):
                endpoint.dialect = dialect
                return outcome
            if outcome.kind == "refusal":
                return ModelAnswer(text=outcome.text, finish="refusal", model=endpoint.name)
            if outcome.kind != "form":
                return outcome
            plainer = step_down(dialect, outcome.text, constrains(call.request, dialect))
            if plainer is None:
                return outcome
            dialect = plainer

    def _send(self, model: str, dialect: Dialect, call: _Call) -> ModelAnswer | Failure:
        left = call.ends - time.monotonic()
        if left <= 0:
            return Failure("next", "no time is left")
        body = to_wire(call.request, model, dialect)
        try:
            response = self._client.chat.completions.with_raw_response.create(
                **body, timeout=min(call.seconds, left)
            )
            return from_wire(_decoded(response.text), call.request, model)
        except (OpenAIError, NoCompletion) as error:
            failure = failure_of(error)
            return replace(failure, text=self._without_key(failure.text))

    def _without_key(self, text: str) -> str:
        """Servers like to quote the key that they refuse, and what they say is posted."""
        key = self._settings.api_key
        return (text.replace(key, "***") if key else text)[:LONGEST_COMPLAINT]

    def _wait(self, attempt: int, failure: Failure, call: _Call) -> bool:
        """Wait before the next attempt; False when that would take too long."""
        backoff = FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        seconds = backoff if failure.wait is None else failure.wait
        if seconds > LONGEST_WAIT_SECONDS or time.monotonic() + seconds > call.ends:
            call.notes.append(f"not waited for: {seconds:.0f} s")
            return False
        self._sleep(seconds)
        return True


def _decoded(text: str) -> object:
    """The body; the SDK's own reading would accept any shape and warn later."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoCompletion(f"the server's answer is not JSON: {text[:80]!r}") from error
    return value
