"""Inputs that are given as secrets: `{"secret": "…"}`, an object with exactly that key.

The value goes to the store of secrets, and records hold references beside the other inputs, never among them: what a
client writes is taken for no reference. Shown is `{"secret": {"kept": id}}`, which a client may send back to keep it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from hashlib import sha256

from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

SECRET, KEPT = "secret", "kept"
ID_LENGTH = 16


@frozen
class UnchangedSecret:
    """A secret that the client leaves unchanged. id: as it was shown."""

    id: str


@frozen
class Inputs:
    """Inputs, split into plain values and secrets. An empty secret clears the one before."""

    plain: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str | UnchangedSecret] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Inputs(plain={sorted(self.plain)}, secrets={sorted(self.secrets)})"


def parted(inputs: Mapping[str, object]) -> Inputs:
    """Split inputs into plain values and secrets; what `secret_input_defects` reports is left out."""
    secrets = {name: said for name, value in inputs.items() if (said := _secret_in(value)) is not None}
    plain = {name: value for name, value in inputs.items() if not is_secret(value)}
    return Inputs(plain=plain, secrets=secrets)


def is_secret(value: object) -> bool:
    """Return True if an input is given as a secret."""
    return isinstance(value, Mapping) and set(value) == {SECRET}


def secret_input_defects(inputs: Mapping[str, object], references: Mapping[str, str], path: str) -> Iterator[Defect]:
    """Yield defects of inputs: secrets that cannot be kept. references: of the stored secrets, by name."""
    yield from whole_secret_defects(inputs, references, path)
    for name, value in inputs.items():
        if not is_secret(value):
            yield from _inner_defects(value, f"{path}.{name}")


def whole_secret_defects(inputs: Mapping[str, object], references: Mapping[str, str], path: str) -> Iterator[Defect]:
    """Yield defects of inputs that are secrets as a whole; what is inside others may look like one."""
    known = {id_of(reference) for reference in references.values()}
    for name, value in inputs.items():
        if not is_secret(value):
            continue
        said = _secret_in(value)
        if said is None:
            yield Defect(f"{path}.{name}.{SECRET}", "should be a text")
        elif isinstance(said, UnchangedSecret) and said.id not in known:
            yield Defect(f"{path}.{name}.{SECRET}.{KEPT}", "no secret is kept here under this id: give its value")


def id_of(reference: str) -> str:
    """Return the public id of a stored secret; the secret cannot be read with it."""
    return sha256(reference.encode()).hexdigest()[:ID_LENGTH]


def shown(plain: Mapping[str, object], references: Mapping[str, str]) -> dict[str, object]:
    """Return the inputs for display, with the id of each secret in place of its value."""
    return {**plain, **{name: {SECRET: {KEPT: id_of(one)}} for name, one in references.items()}}


def _inner_defects(value: object, path: str) -> Iterator[Defect]:
    """Find secrets inside an input, which would be kept in clear with it."""
    if _secret_in(value) is not None:
        yield Defect(path, "a secret has to be an input of its own, not a part of one")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _inner_defects(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _inner_defects(inner, f"{path}[{place}]")


def _secret_in(value: object) -> str | UnchangedSecret | None:
    if not isinstance(value, Mapping) or set(value) != {SECRET}:
        return None
    said = value[SECRET]
    if isinstance(said, Mapping) and set(said) == {KEPT} and isinstance(said[KEPT], str):
        return UnchangedSecret(id=said[KEPT])
    return said if isinstance(said, str) else None
