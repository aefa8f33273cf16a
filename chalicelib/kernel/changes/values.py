"""Inputs that differ. Secret ones are named and marked, and their values appear nowhere."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from hashlib import sha256

from chalicelib.kernel.changes.canonical import digest_of
from chalicelib.kernel.secret_inputs import id_of
from slipway_formats.frozen import frozen


class Difference(StrEnum):
    """How two things that are compared differ."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@frozen
class ValueChange:
    """An input that differs. old, new: None where it is not given, or is secret."""

    name: str
    kind: Difference
    old: object = None
    new: object = None
    is_secret: bool = False


@frozen
class Given:
    """Inputs of a deployment. secrets: references of those that were given as secrets, by name.

    hidden: names of plain ones that nobody is shown. salt: differs wherever these may differ.
    """

    plain: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()
    salt: str = ""

    def mark(self) -> str:
        """Return a digest that differs wherever the inputs do. No secret can be guessed by it."""
        shown = {name: value for name, value in self.plain.items() if name not in self.hidden}
        hidden = sorted(set(self.plain).intersection(self.hidden))
        salt = sha256(self.salt.encode()).hexdigest() if hidden else ""
        kept = {name: id_of(reference) for name, reference in self.secrets.items()}
        return digest_of({"plain": shown, "hidden": hidden, "salt": salt, "secrets": kept})


def values_that_differ(old: Given, new: Given) -> tuple[ValueChange, ...]:
    """Return the inputs that differ, by name."""
    names = sorted({*old.plain, *old.secrets, *new.plain, *new.secrets})
    return tuple(change for name in names for change in _compared(name, old, new))


def _compared(name: str, old: Given, new: Given) -> Iterator[ValueChange]:
    before, now = _held(name, old), _held(name, new)
    if before == now:
        return
    kind = Difference.ADDED if before is None else Difference.REMOVED if now is None else Difference.CHANGED
    if name in {*old.secrets, *new.secrets, *old.hidden, *new.hidden}:
        yield ValueChange(name=name, kind=kind, is_secret=True)
    else:
        yield ValueChange(name=name, kind=kind, old=old.plain.get(name), new=new.plain.get(name))


def _held(name: str, given: Given) -> tuple[str, object] | None:
    if name in given.secrets:
        return "secret", given.secrets[name]
    return ("plain", given.plain[name]) if name in given.plain else None
