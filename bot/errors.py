"""Every error of the program, by who must act on it.

PlumblineError
├── UserError            a person must change something; the text names the thing, value and remedy
│   ├── SettingError     an environment variable cannot be used (exit status 2)
│   ├── PolicyError      the policy file cannot be used
│   └── RangeError       the commits asked for do not exist or share no ancestor
├── TransientError       the same call may succeed later: the job is retried
│   ├── GitHubUnavailable
│   ├── FetchFailed
│   └── StoreUnavailable
├── PermanentError       the same call will never succeed: give up and say so
│   ├── GitHubRefused
│   ├── InstallationGone the App was suspended or removed: drop its data and jobs
│   └── LimitExceeded    a cap on size, seconds, tokens or calls was reached
├── Superseded           the head moved, or the pull request closed
│   └── Stopped          someone said stop
└── ModelError           the model gave no usable answer
    ├── ModelUnavailable every configured model timed out, refused or was out of quota
    │   └── PromptTooLong  what was asked is more than the model holds: ask with less
    └── ModelAnswerInvalid  truncated, refused or off-schema, also after the re-ask
"""

from __future__ import annotations


class PlumblineError(Exception):
    """Base of all errors that the program raises on purpose."""


class UserError(PlumblineError):
    """A person must change something."""


class SettingError(UserError):
    """An environment variable holds a value that cannot be used."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem}. {remedy}")
        self.key = key
        self.problem = problem
        self.remedy = remedy


class PolicyError(UserError):
    """The policy file cannot be used as it stands."""


class RangeError(UserError):
    """The commits asked for do not exist, or share no ancestor."""


class TransientError(PlumblineError):
    """The same call may succeed later.

    `retry_after` is the number of seconds that the other side asked us to wait, if it did.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class GitHubUnavailable(TransientError):
    """GitHub answered 5xx, 429 or a rate limit, or did not answer."""


class FetchFailed(TransientError):
    """git could not fetch the commits."""


class StoreUnavailable(TransientError):
    """Redis or the database refused."""


class PermanentError(PlumblineError):
    """The same call will never succeed."""


class GitHubRefused(PermanentError):
    """GitHub answered 4xx to a request that cannot be mended by repeating it."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class InstallationGone(PermanentError):
    """The App was suspended on, or removed from, the account."""


class LimitExceeded(PermanentError):
    """A cap on size, seconds, tokens or calls was reached."""


class Superseded(PlumblineError):
    """The work is no longer wanted: the head moved, the pull request closed, or see `Stopped`."""


class Stopped(Superseded):
    """A person stopped it: what they stopped is not begun again by itself."""


class ModelError(PlumblineError):
    """The model gave no usable answer."""


class ModelUnavailable(ModelError):
    """Every configured model timed out, refused the connection or was out of quota."""


class PromptTooLong(ModelUnavailable):
    """Prompt and answer are more than any configured model that is up can hold.

    `window` is the number of tokens that one holds, where a server said so.
    """

    def __init__(self, message: str, window: int | None = None) -> None:
        super().__init__(message)
        self.window = window


class ModelAnswerInvalid(ModelError):
    """An answer that was truncated, refused or off-schema, also after the re-ask."""
