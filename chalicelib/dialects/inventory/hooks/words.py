"""Read and show hooks of namespaces and units."""

from collections.abc import Mapping

from chalicelib.dialects.inventory.go_json.fields import Fields
from chalicelib.dialects.inventory.go_json.read import GoError, bad_json, read_first
from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.hook import Hooks
from chalicelib.use_cases.ports.releases import Unit
from chalicelib.use_cases.releases.hooks import UpdateHooks

MOST_TEXT = 20_000
"""Maximum bytes of a request with all hooks."""


def read_unit(request: Request) -> Unit:
    """Return the unit in the path, or the namespace itself (empty name)."""
    return request.parameters["namespace"], request.parameters.get("name", "")


def read_hooks(request: Request) -> UpdateHooks:
    """Read the new hooks. Faults: Invalid."""
    value = read_first(request.content)
    if not isinstance(value, dict | None) or len(request.content) > MOST_TEXT or None in (value or {}).values():
        raise bad_json()
    fields = Fields(struct="Hooks", path=(), values=value or {})
    try:
        hooks = {kind: _settings(fields, kind) for kind in fields.values}
    except GoError:
        raise bad_json() from None
    return UpdateHooks(origin=request.origin, unit=read_unit(request), hooks=hooks)


def show_hooks(hooks: Hooks) -> Reply:
    """Show the hooks by kind."""
    return go_reply({kind: dict(sorted(settings.items())) for kind, settings in sorted(hooks.items())})


def _settings(fields: Fields, kind: str) -> Mapping[str, str]:
    return {name.casefold(): text for name, text in (fields.text_map(kind) or {}).items()}
