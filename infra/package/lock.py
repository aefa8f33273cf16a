"""Select the pins of requirements.lock that a function needs at run time: dependencies of the project, and theirs.

The lock says for every pin what requires it (`# via`), so no other source is needed.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LEAVES = frozenset({"chalice"})
"""Pins whose dependencies are not needed: Lambda loads two Chalice modules, which import only the standard library."""

ISSUER_LEAVES = frozenset({"pyjwt"})
"""Leaves as well, unless JWTs of an outside issuer are believed: only these need cryptography, and its 6 MB."""

PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
VIA = re.compile(r"^    # +(?:via )?([a-z0-9][a-z0-9._-]*)", re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One pin of the lock. text: its lines, as pip reads them. askers: names of the packages that require it."""

    name: str
    text: str
    askers: frozenset[str]


class Unlocked(Exception):  # noqa: N818 - says what the dependencies are, as the faults do
    """The lock lacks a dependency of the project."""


def runtime_requirements(lock: str, project: str, *, believes_issuer: bool = False) -> str:
    """Return the part of a lock that a function needs, by name. Faults: Unlocked.

    project: text of pyproject.toml. believes_issuer: JWTs of an outside issuer can be verified.
    """
    leaves = LEAVES if believes_issuer else LEAVES | ISSUER_LEAVES
    pins = {pin.name: pin for pin in _pins(lock)}
    wanted = _dependencies(project)
    if missing := sorted(wanted - pins.keys()):
        raise Unlocked(f"requirements.lock does not pin {', '.join(missing)}: make lock")
    return "".join(pins[name].text for name in sorted(_closure(wanted, pins, leaves)))


def normal(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(wanted: frozenset[str], pins: Mapping[str, Pin], leaves: frozenset[str]) -> frozenset[str]:
    found = wanted
    while True:
        grown = found | {pin.name for pin in pins.values() if pin.askers & (found - leaves)}
        if grown == found:
            return found
        found = grown


def _dependencies(project: str) -> frozenset[str]:
    declared: list[str] = tomllib.loads(project)["project"]["dependencies"]
    return frozenset(normal(found[0]) for found in map(NAME.match, declared) if found)


def _pins(lock: str) -> Iterator[Pin]:
    starts = [found.start() for found in PIN.finditer(lock)]
    for start, end in zip(starts, [*starts[1:], len(lock)], strict=True):
        text = lock[start:end]
        askers = frozenset(normal(found[1]) for found in VIA.finditer(text)) - {"via"}
        yield Pin(name=normal(text.partition("==")[0]), text=_without_comments(text), askers=askers)


def _without_comments(text: str) -> str:
    return "".join(f"{line}\n" for line in text.splitlines() if not line.lstrip().startswith("#"))
