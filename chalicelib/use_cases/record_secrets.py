"""Secrets that a record names: one way to keep, replace, clear and remove them, which can be broken off anywhere.

A secret is put, or deleted, before the record says so. Until then the record still names it, so that a repeated ask
finishes; and a rival who puts it anew makes this ask stale, which then does it again. Where plans name a secret too,
its name is that of its place: what waits to run gets the newest.
"""

from collections.abc import Iterable

from chalicelib.use_cases.ports.bundle import Ports


def updated_reference(ports: Ports, name: str, value: str | None, before: str) -> str:
    """The reference for the record. value: nothing keeps the one before, an empty one clears it."""
    if value is None:
        return before
    if value:
        return ports.secrets.put(name, value)
    delete_secrets(ports, (before,))
    return ""


def delete_secrets(ports: Ports, references: Iterable[str]) -> None:
    """Ensures that these secrets are gone. An empty reference names none."""
    for reference in sorted(filter(None, references)):
        ports.secrets.delete(reference)
