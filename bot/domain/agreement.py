"""Words that say thanks or yes, and ask for nothing. Pure."""

from __future__ import annotations

import re

QUESTION_MARKS = "?\uff1f\u061f\u037e\u1367\u203d\u2047\u2048\u2049"
"""Of Latin, Chinese, Arabic, Greek and Ethiopic writing; ASCII's ";", though Greek, is none."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_COMMIT = re.compile(r"(?=[a-f]*[0-9])[0-9a-f]{7,40}")
"""Named by who mended something: `Fixed in 1a2b3c4.`"""
_AGREES = frozenset(
    "a ad all and as addressed agreed am and appreciate are catch commit cool correct done fair "
    "fix fixed fixing for good got great i i'll in it it's just last latest lgtm will me my nice "
    "now ok okay on one oops point push pushed resolved right should so sorry sure thank thanks "
    "that that's the there this thx to true up updated we will with yeah yep yes you you're".split()
)
"""What is said in these words alone agrees; anything else may ask or contradict."""
_THANKS = frozenset({"thank", "thanks", "thx"})
_SAID_WITH_THANKS = frozenset(
    "answer answering appreciated clear explaining explanation helped helpful helps look "
    "looking lot made makes much quick really sense useful very was your".split()
)
"""What goes with thanks; without them it may begin a question or a contradiction."""
_THANKS_ABROAD = frozenset(
    "danke dank vielen sch\u00f6n merci beaucoup gracias muchas grazie mille obrigado obrigada "
    "muito bedankt tack takk tak kiitos dzi\u0119ki dzi\u0119kuj\u0119 d\u011bkuji d\u00edky "
    "k\u00f6sz\u00f6n\u00f6m mul\u021bumesc te\u015fekk\u00fcrler te\u015fekk\u00fcr ederim "
    "\u0441\u043f\u0430\u0441\u0438\u0431\u043e \u0434\u044f\u043a\u0443\u044e "
    "\u3042\u308a\u304c\u3068\u3046 "
    "\u3042\u308a\u304c\u3068\u3046\u3054\u3056\u3044\u307e\u3059 \u8c22\u8c22 \u8b1d\u8b1d "
    "\uac10\uc0ac\ud569\ub2c8\ub2e4 \u0634\u0643\u0631\u0627 \u05ea\u05d5\u05d3\u05d4".split()
)


def agrees(prose: str) -> bool:
    """Whether these are words of thanks or consent alone; nothing said agrees, too."""
    words = {word.lower().replace("\u2019", "'") for word in _WORD.findall(prose)}
    others = words - _AGREES - _THANKS_ABROAD
    if words & _THANKS and not set(QUESTION_MARKS) & set(prose):
        others -= _SAID_WITH_THANKS
        others -= {"help"} if "for" in words else set()  # `help, thanks` asks for help
    return all(_COMMIT.fullmatch(word) for word in others)
