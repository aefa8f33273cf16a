"""How well a name fits what somebody types who looks for it."""

import re

WORDS = re.compile(r"[\s/#:._@-]+")


def likeness(sought: str, name: str) -> int | None:
    """Return how well a name fits, the less the better; None if it does not: each word typed has to be in it.

    0: it is that name. 1: it begins so. 2: each word typed begins one of its words. 3: it holds them.
    """
    typed, held = sought.strip().casefold(), name.casefold()
    words = typed.split()
    if any(word not in held for word in words):
        return None
    if typed == held:
        return 0
    if held.startswith(typed):
        return 1
    begun = WORDS.split(held)
    return 2 if all(any(one.startswith(word) for one in begun) for word in words) else 3
