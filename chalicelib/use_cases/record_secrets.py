"""Secrets that a record refers to: one way to keep, replace, clear and remove them, which can be interrupted anywhere.

A secret is stored, or deleted, before the record is saved. Until then the record still refers to it, so that a repeated
request completes it; and a concurrent update of the secret makes this request Stale, which then is retried. Where plans
refer to a secret too, it is named after its place: what waits to run gets the newest value.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from chalicelib.kernel.secret_inputs import UnchangedSecret, id_of, parted
from chalicelib.use_cases.ports.bundle import Ports


def updated_reference(ports: Ports, name: str, value: str | None, before: str) -> str:
    """Store the secret and return its reference for the record. value: None keeps the one before, empty clears it."""
    if value is None:
        return before
    if value:
        return ports.secrets.put(name, value)
    delete_secrets(ports, (before,))
    return ""


def delete_secrets(ports: Ports, references: Iterable[str]) -> None:
    """Delete these secrets. Empty references are skipped."""
    for reference in sorted(filter(None, references)):
        ports.secrets.delete(reference)


def updated_references(
    ports: Ports, asked: Mapping[str, str | UnchangedSecret], before: Mapping[str, str]
) -> dict[str, str]:
    """Store the requested secrets under their places, delete the others, and return the references by place.

    before: those that the record has. An empty value clears one; a secret kept at another place is moved.
    """
    by_id = {id_of(reference): reference for reference in before.values()}
    stay = {place: before[place] for place, said in asked.items() if place in before and _stays(said, before[place])}
    values = {place: _value(ports, said, by_id) for place, said in asked.items() if place not in stay}
    put = {place: ports.secrets.put(place, value) for place, value in sorted(values.items()) if value}
    references = {**stay, **put}
    delete_secrets(ports, set(before.values()) - set(references.values()))
    return references


def _stays(said: str | UnchangedSecret, reference: str) -> bool:
    return isinstance(said, UnchangedSecret) and said.id == id_of(reference)


def _value(ports: Ports, said: str | UnchangedSecret, by_id: Mapping[str, str]) -> str:
    return ports.secrets.get(by_id[said.id]) if isinstance(said, UnchangedSecret) else said


def updated_inputs(
    ports: Ports, place: str, inputs: Mapping[str, object], before: Mapping[str, str]
) -> tuple[Mapping[str, object], Mapping[str, str]]:
    """Return the inputs of a record without secrets, and the references of these by name. before: those that it has."""
    asked = parted(inputs)
    places = {name: place_of_input(place, name) for name in {*asked.secrets, *before}}
    said = {places[name]: value for name, value in asked.secrets.items()}
    references = updated_references(ports, said, {places[name]: one for name, one in before.items()})
    return asked.plain, {name: references[places[name]] for name in asked.secrets if places[name] in references}


def place_of_run(project: str, run: str) -> str:
    """Return the prefix of the names of secrets that were given to a run."""
    return f"projects/{project}/runs/{run}"


def place_of_input(place: str, name: str) -> str:
    """Return the name of an input's secret; hashed, as names of inputs may be longer than those of secrets."""
    return f"{place}/inputs/{sha256(name.encode()).hexdigest()[:20]}"
