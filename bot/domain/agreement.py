"""Words that say thanks or yes, and ask for nothing. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_AGREES = frozenset(
    "a ad all and as addressed agreed am and appreciate are catch cool correct done fair fix fixed "
    "fixing for good got great i i'll it it's just lgtm will me my nice now ok okay on one oops "
    "point push pushed right should so sorry sure thank thanks that that's the there this thx to "
    "true up updated we will with yeah yep yes you you're".split()
)
"""What is said in these words alone agrees; anything else may ask or contradict."""


def agrees(prose: str) -> bool:
    """Whether these are words of thanks or consent alone; nothing said agrees, too."""
    words = {word.lower().replace("\u2019", "'") for word in _WORD.findall(prose)}
    return words <= _AGREES
