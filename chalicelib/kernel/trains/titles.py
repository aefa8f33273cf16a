"""Names for what was made elsewhere under any title, where State has a rule for names of its kind: kernel/names.py."""

import re
from collections.abc import Callable, Iterator
from itertools import count

from chalicelib.kernel.names import MAX_LENGTH
from slipway_formats.defect import Defect

PREFIX = "x-"
"""Before a name that State's rule would refuse."""

Rule = Callable[[str], tuple[Defect, ...]]
"""The defects of a name of a kind, as kernel/names.py has one for each."""

_OTHER = re.compile(r"[^a-z0-9_-]")


def name_of(title: str, rule: Rule, is_taken: Callable[[str], bool]) -> str:
    """Return the name for a new record: its title in lower case, other characters `-`, made unique by `-2`, `-3`, …"""
    plain = _OTHER.sub("-", title.lower())[:MAX_LENGTH]
    name = plain if not rule(plain) else f"{PREFIX}{plain}"[:MAX_LENGTH]
    return next(one for one in _numbered(name) if not is_taken(one))


def code_of(title: str) -> str:
    """Return the default code of an environment: its title in upper case."""
    return title.upper()


def _numbered(name: str) -> Iterator[str]:
    endings = ("" if number == 1 else f"-{number}" for number in count(1))
    return (f"{name[: MAX_LENGTH - len(ending)]}{ending}" for ending in endings)
