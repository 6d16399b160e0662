"""A small stateful GitHub on localhost, for demonstrations and tests.

It knows nothing of the bot: it is the other side of the wire. `git` holds what GitHub stores,
`state` what it remembers, `actions` its rules, `bodies` its JSON; `rest`, `graphql` and `web`
are the ways in, and `driving` is how a test plays the people.
"""

from __future__ import annotations

from sandbox.driving.observations import ThreadView
from sandbox.driving.sandbox import Sandbox
from sandbox.faults import Fault
from sandbox.git.files import Entry

__all__ = ["Entry", "Fault", "Sandbox", "ThreadView"]
