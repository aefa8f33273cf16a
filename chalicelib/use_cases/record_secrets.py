"""Secrets that a record refers to: one way to keep, replace, clear and remove them, which can be interrupted anywhere.

A secret is stored, or deleted, before the record is saved. Until then the record still refers to it, so that a repeated
request completes it; and a concurrent update of the secret makes this request Stale, which then is retried. Where plans
refer to a secret too, it is named after its place: what waits to run gets the newest value.
"""

from collections.abc import Iterable

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
