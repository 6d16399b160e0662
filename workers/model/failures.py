"""What an error of the model's server means for the next step."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

import openai

from workers.model.dialect import overflows, window_named
from workers.model.redaction import redact
from workers.model.wire import NoCompletion

Kind = Literal["retry", "next", "form", "refusal", "overflow"]

_REFUSAL_CODES = frozenset({"content_filter", "content_policy_violation", "invalid_prompt"})
_SPENT_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_REMEDIES = {
    401: "; check OPENAI_API_KEY",
    403: "; check what OPENAI_API_KEY may use",
    404: "; check PLUMBLINE_MODEL and OPENAI_BASE_URL",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call.

    retry: the same call may succeed; next: only another model may; form: the server does not take
    the request in this form; refusal: the model's operator refuses the content; overflow: it is
    more than the model holds. `wait` is the number of seconds that the server asked for, `window`
    the number of tokens that it said the model holds.
    """

    kind: Kind
    text: str
    wait: float | None = None
    window: int | None = None


def failure_of(error: Exception) -> Failure:
    """Classify an error of the SDK or of reading its answer."""
    if isinstance(error, openai.APITimeoutError):
        return Failure("next", "timed out")
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error)
    if isinstance(error, NoCompletion):
        return Failure("retry", str(error))
    cause = f" ({error.__cause__})" if error.__cause__ else ""
    return Failure("retry", _clean(f"connection failed{cause}"))


def _status_failure(error: openai.APIStatusError) -> Failure:
    status, code = error.status_code, error.code or ""
    said = error.body.get("message") if isinstance(error.body, dict) else None
    text = _clean(f"{status}: {said or error.message}")
    if code in _REFUSAL_CODES:
        return Failure("refusal", text)
    if 300 <= status < 400:
        return Failure("next", f"{status}: OPENAI_BASE_URL redirects; give the final address")
    if status == 413 or (status in (400, 422, 500) and overflows(text)):
        return Failure("overflow", text, window=window_named(text))
    # llama.cpp reports its chat template's complaint as 500
    if status in (400, 422) or (status == 500 and "roles must alternate" in text):
        return Failure("form", text)
    if code in _SPENT_CODES or not (status in (408, 409, 425, 429) or status >= 500):
        return Failure("next", text + _REMEDIES.get(status, ""))
    return Failure("retry", text, _retry_after(error))


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `Retry-After` (seconds or a date, RFC 9110)."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "")
        if value[:1].isdigit():
            return max(0.0, float(value))
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else None
    except (ValueError, TypeError):
        return None  # a header that means nothing asks for nothing


def _clean(text: str) -> str:
    """One line without credentials: servers like to quote the key that they refuse."""
    return redact(" ".join(text.split()))[0]
