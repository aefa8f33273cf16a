"""Hooks of namespaces and applications: read and replace. Calling them: call_hooks.py."""

from collections.abc import Mapping

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.hook import (
    NAMESPACE_KINDS,
    SECRET,
    UNIT_KINDS,
    URL,
    Hooks,
    check_hooks,
    without_secrets,
)
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.record_secrets import delete_secrets, updated_reference
from chalicelib.use_cases.retry import retry_on_conflict


@frozen
class UpdateHooks:
    """Replace the hooks of a namespace or of an application. The value of `secret` is plain text."""

    origin: Origin
    unit: Unit
    hooks: Hooks


def get_hooks(ports: Ports, unit: Unit) -> Hooks:
    """Return the hooks, without their secrets. Faults: NotFound."""
    _require_unit(ports, unit)
    return without_secrets(ports.hooks.hooks(unit))


def update_hooks(ports: Ports, ask: UpdateHooks) -> None:
    """Replace the hooks; an omitted secret is kept as long as the URL stays the same.

    Faults: Invalid in Escape's words, NotFound.
    """
    _require_unit(ports, ask.unit)
    check_hooks(ask.hooks, UNIT_KINDS if ask.unit[1] else NAMESPACE_KINDS)
    delete_secrets(ports, retry_on_conflict(ports, lambda: _replace(ports, ask), since=ask.origin.at))


def _replace(ports: Ports, ask: UpdateHooks) -> frozenset[str]:
    """Replace the hooks and return the secrets that no hook has any more."""
    known = ports.hooks.hooks(ask.unit)
    hooks = {
        kind: _settings(ports, f"hooks/{'/'.join(ask.unit)}/{kind}/{ask.origin.seed}", settings, known.get(kind, {}))
        for kind, settings in ask.hooks.items()
    }
    project = ports.namespaces.project_of(ask.unit[0]) or ""
    action = AuditAction(act="changed-hooks", subject="/".join(ask.unit).rstrip("/"), project=project)
    return ports.hooks.update_hooks(ask.unit, hooks, entry_of(ask.origin, action))


def _require_unit(ports: Ports, unit: Unit) -> None:
    if not unit[1]:
        ports.namespaces.namespace(unit[0])
    elif ports.applications.application_head(*unit).latest is None:
        raise NotFound(f"no application {unit[1]} in namespace {unit[0]}")


def _settings(ports: Ports, name: str, given: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the settings as stored: with a reference in place of the secret."""
    plain = {key: value for key, value in given.items() if key != SECRET}
    default = None if known.get(URL) == given.get(URL) else ""
    reference = updated_reference(ports, name, given.get(SECRET, default), known.get(SECRET, ""))
    return {**plain, SECRET: reference} if reference else plain
