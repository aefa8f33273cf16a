"""Hooks of namespaces and of their applications: seeing and replacing them. Calling them: call_hooks.py."""

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
    """What the hooks of a namespace, or of a unit in it, are to be. The value of `secret` is in plain."""

    origin: Origin
    unit: Unit
    hooks: Hooks


def get_hooks(ports: Ports, unit: Unit) -> Hooks:
    """The hooks, without their secrets. Faults: NotFound."""
    _demand_there(ports, unit)
    return without_secrets(ports.hooks.hooks(unit))


def update_hooks(ports: Ports, ask: UpdateHooks) -> None:
    """Ensures that the hooks are these; a secret that is not said anew stays with its address.

    Faults: Invalid in Escape's words, NotFound.
    """
    _demand_there(ports, ask.unit)
    check_hooks(ask.hooks, UNIT_KINDS if ask.unit[1] else NAMESPACE_KINDS)
    delete_secrets(ports, retry_on_conflict(ports, lambda: _put(ports, ask), since=ask.origin.at))


def _put(ports: Ports, ask: UpdateHooks) -> frozenset[str]:
    """Which secrets no hook has any more, now that the hooks are these."""
    known = ports.hooks.hooks(ask.unit)
    hooks = {
        kind: _settings(ports, f"hooks/{'/'.join(ask.unit)}/{kind}/{ask.origin.seed}", settings, known.get(kind, {}))
        for kind, settings in ask.hooks.items()
    }
    project = ports.namespaces.project_of(ask.unit[0]) or ""
    action = AuditAction(act="changed-hooks", subject="/".join(ask.unit).rstrip("/"), project=project)
    return ports.hooks.update_hooks(ask.unit, hooks, entry_of(ask.origin, action))


def _demand_there(ports: Ports, unit: Unit) -> None:
    if not unit[1]:
        ports.namespaces.namespace(unit[0])
    elif ports.applications.application_head(*unit).latest is None:
        raise NotFound(f"no application {unit[1]} in namespace {unit[0]}")


def _settings(ports: Ports, name: str, said: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The settings as they are kept: in place of a secret, where it is."""
    plain = {key: value for key, value in said.items() if key != SECRET}
    unsaid = None if known.get(URL) == said.get(URL) else ""
    reference = updated_reference(ports, name, said.get(SECRET, unsaid), known.get(SECRET, ""))
    return {**plain, SECRET: reference} if reference else plain
