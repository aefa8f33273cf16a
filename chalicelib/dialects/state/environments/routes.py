"""Rows about the environments of projects."""

from chalicelib.dialects.state import shapes as shapes_removal
from chalicelib.dialects.state.deployments import words as words_deployments
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.environments import shapes, shapes_import, words, words_import
from chalicelib.dialects.state.environments import words as words_removal
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import PROJECT_OWNER, PROJECT_READ, PROJECT_WRITE
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environments import (
    EnvironmentNamed,
    SeenEnvironment,
    add_environment,
    list_providers,
    save_environment,
    see_environment,
)
from chalicelib.use_cases.projects.import_environments import import_environments
from chalicelib.use_cases.projects.projects import change_order
from chalicelib.use_cases.removal.project import remove_environment

ENVIRONMENTS = "Environments"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"


def _read_environment(request: Request) -> tuple[EnvironmentNamed, bool]:
    return words.read_environment(request), request.query.flag("full")


def _see_environment(ports: Ports, ask: tuple[EnvironmentNamed, bool]) -> tuple[SeenEnvironment, bool]:
    named, is_full = ask
    return see_environment(ports, named), is_full


def _show_environment(seen: tuple[SeenEnvironment, bool]) -> Reply:
    environment, is_full = seen
    return words_deployments.show_environment_state(environment) if is_full else words.show_environment(environment)


OPERATIONS = (
    operation(
        STATE,
        "POST /api/v1/state/{project}/change-environment-order",
        read=words.read_order,
        verb=change_order,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=ENVIRONMENTS, summary="Put a project's environments in another order.", body=shapes.OrderBody
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/environments/",
        read=words.read_new_environment,
        verb=add_environment,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=ENVIRONMENTS,
            summary="Make an environment, last in the project's order.",
            body=shapes.NewEnvironmentBody,
        ),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/",
        read=_read_environment,
        verb=_see_environment,
        show=_show_environment,
        permission=PROJECT_READ,
        about=About(
            group=ENVIRONMENTS,
            summary="An environment with its deployments in short, or `?full=true` whole, now or `?at=` an instant.",
            answer=shapes.EnvironmentSummary,
        ),
    ),
    operation(
        STATE,
        f"PUT {ENVIRONMENT}/",
        read=words.read_save_environment,
        verb=save_environment,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=ENVIRONMENTS, summary="Say anew what an environment is.", body=shapes.EnvironmentBody),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/providers/",
        read=words.read_environment,
        verb=list_providers,
        show=words.show_providers,
        permission=PROJECT_READ,
        about=About(
            group=ENVIRONMENTS, summary="Which deployments provide each interface.", answer=dict[str, list[str]]
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/import-environments",
        read=words_import.read_import,
        verb=import_environments,
        show=words_import.show_imported,
        permission=PROJECT_WRITE,
        about=About(
            group=ENVIRONMENTS,
            summary="Take over the environments of a local state file; `?overwrite=true` also over deployments.",
            body=shapes_import.StateFile,
            answer=shapes_import.ImportedShape,
        ),
    ),
    operation(
        STATE,
        f"DELETE {ENVIRONMENT}/",
        read=words_removal.read_remove_environment,
        verb=remove_environment,
        show=words_removal.show_removed,
        permission=PROJECT_OWNER,
        about=About(
            group=ENVIRONMENTS,
            summary="Remove an environment with everything in it; where that is not complete, asking again goes on.",
            answer=shapes_removal.RemovedShape,
        ),
    ),
)
