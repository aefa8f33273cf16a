"""Hooks of namespaces and applications: read and replace. Calling them: call_hooks.py."""

from collections.abc import Mapping

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.releases.check import refused
from chalicelib.kernel.releases.hook import (
    NAMESPACE_KINDS,
    REFERENCES,
    SECRET,
    UNIT_KINDS,
    URL,
    WHOLE_URL,
    Hooks,
    check_hooks,
    without_secrets,
)
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.record_secrets import delete_secrets, updated_reference
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.secret_calls import is_masked
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import has_secret, shown


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


def update_hooks(ports: Ports, command: UpdateHooks) -> None:
    """Replace the hooks; an omitted secret is kept as long as the URL stays the same.

    Faults: Invalid in Escape's words, NotFound.
    """
    _require_unit(ports, command.unit)
    check_hooks(command.hooks, UNIT_KINDS if command.unit[1] else NAMESPACE_KINDS)
    delete_secrets(ports, retry_on_conflict(ports, lambda: _replace(ports, command), since=command.origin.at))


def _replace(ports: Ports, command: UpdateHooks) -> frozenset[str]:
    """Replace the hooks and return the secrets that no hook has any more."""
    known = ports.hooks.hooks(command.unit)
    hooks = {
        kind: _settings(
            ports, f"hooks/{'/'.join(command.unit)}/{kind}/{command.origin.seed}", settings, known.get(kind, {})
        )
        for kind, settings in command.hooks.items()
    }
    project = ports.namespaces.project_of(*command.unit) or ""
    action = AuditAction(act="changed-hooks", subject="/".join(command.unit).rstrip("/"), project=project)
    return ports.hooks.update_hooks(command.unit, hooks, entry_of(command.origin, action))


def _require_unit(ports: Ports, unit: Unit) -> None:
    if not unit[1]:
        ports.namespaces.namespace(unit[0])
    elif ports.applications.application_head(*unit).latest is None:
        raise NotFound(f"no application {unit[1]} in namespace {unit[0]}")


def _settings(ports: Ports, name: str, said: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the settings as stored: with a reference in place of each secret. Faults: Invalid."""
    url, before = said.get(URL, ""), _whole_url(ports, known)
    whole = before if url == shown(before, is_called=True) else url
    if is_masked(whole):
        raise refused(f"Invalid hook url '{url[:200]}': *** stands for what is not kept")
    is_same, is_secret = whole == before, has_secret(whole, is_called=True)
    unsaid = None if is_same else ""
    kept_url = None if is_same and WHOLE_URL in known else whole if is_secret else ""
    secrets = {
        SECRET: updated_reference(ports, name, said.get(SECRET, unsaid), known.get(SECRET, "")),
        WHOLE_URL: updated_reference(ports, f"{name}/url", kept_url, known.get(WHOLE_URL, "")),
    }
    plain = {key: shown(value, is_called=True) if key == URL else value for key, value in said.items()}
    kept = {key: reference for key, reference in secrets.items() if reference}
    return {**{key: value for key, value in plain.items() if key not in REFERENCES}, **kept}


def _whole_url(ports: Ports, known: Mapping[str, str]) -> str:
    return ports.secrets.get(known[WHOLE_URL]) if WHOLE_URL in known else known.get(URL, "")
