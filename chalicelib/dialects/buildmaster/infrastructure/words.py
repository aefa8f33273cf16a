"""Read requests about environments, servers and roles, and show them. Servers and roles are names without agents."""

from collections.abc import Callable, Sequence

from chalicelib.dialects.buildmaster.parameters import read_parameters
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.installation.entries import ListKind, NamedEntry, SharedEnvironment
from chalicelib.use_cases.installation.environments import ListQuery, SaveListed

Listed = SharedEnvironment | NamedEntry


def reader_of_list(kind: ListKind | None) -> Callable[[Request], ListQuery]:
    """Return the reader of a request for a list. kind: None for environments."""
    return lambda request: ListQuery(origin=request.origin, kind=kind)


def reader_of_entry(kind: ListKind | None) -> Callable[[Request], SaveListed]:
    """Return the reader of an entry to create, change or remove. kind: None for environments."""

    def read(request: Request) -> SaveListed:
        said = read_parameters(request)
        is_active = said.flag("active") if said.given("active") else None
        parent = said.text("parentName") if said.given("parentName") else None
        name, code = said.text("name") or None, said.text("environmentCode") or None
        said.check()
        return SaveListed(
            origin=request.origin,
            kind=kind,
            title=request.parameters["name"],
            new_title=name,
            code=code,
            parent=parent,
            is_active=is_active,
        )

    return read


def show_list(entries: Sequence[Listed]) -> Reply:
    """Show environments, servers or roles."""
    return json_reply([_shown(one) for one in entries])


def show_nothing(_: object) -> Reply:
    """Answer nothing."""
    return empty_reply()


def _shown(one: Listed) -> Json:
    code: dict[str, Json] = {"environmentCode": one.code} if isinstance(one, SharedEnvironment) else {}
    return {
        "id": one.id,
        "name": one.title,
        "parentName": one.parent or None,
        "active": one.is_active,
        "variables": {},
        **code,
    }
