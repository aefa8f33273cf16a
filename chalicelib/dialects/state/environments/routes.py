"""Rows of the environments of projects."""

from chalicelib.dialects.state import shapes as shapes_removal
from chalicelib.dialects.state.deployments import words as words_deployments
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.environments import shapes, shapes_import, words, words_import
from chalicelib.dialects.state.environments import words as words_removal
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import PROJECT_OWNER, PROJECT_READ, PROJECT_WRITE
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.environment_views import EnvironmentView
from chalicelib.use_cases.projects.environments import (
    EnvironmentNamed,
    create_environment,
    get_environment,
    list_providers,
    update_environment,
)
from chalicelib.use_cases.projects.import_environments import import_environments
from chalicelib.use_cases.projects.projects import update_order
from chalicelib.use_cases.removal.project import remove_environment

ENVIRONMENTS = Group(STATE, "Environments")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"


def _read_environment(request: Request) -> tuple[EnvironmentNamed, bool]:
    return words.read_environment(request), request.query.flag("full")


def _get_environment(ports: Ports, query: tuple[EnvironmentNamed, bool]) -> tuple[EnvironmentView, bool]:
    named, is_full = query
    return get_environment(ports, named), is_full


def _show_environment(view: tuple[EnvironmentView, bool]) -> Reply:
    environment, is_full = view
    return words_deployments.show_environment_state(environment) if is_full else words.show_environment(environment)


FOR_JOBS = frozenset({Flag.FOR_JOBS})

IMPORT = Schema(query=shapes_import.ImportQuery, body=shapes_import.StateFile, answer=shapes_import.ImportedShape)

OPERATIONS = (
    ENVIRONMENTS.operation(
        "POST /api/v1/state/{project}/change-environment-order",
        "Put a project's environments in another order.",
        PROJECT_WRITE,
        Handling(words.read_order, update_order, show_nothing),
        schema=Schema(body=shapes.OrderBody),
    ),
    ENVIRONMENTS.operation(
        "POST /api/v1/state/{project}/environments/",
        "Make an environment, last in the project's order.",
        PROJECT_WRITE,
        Handling(words.read_new_environment, create_environment, show_nothing),
        schema=Schema(body=shapes.NewEnvironmentBody),
        flags=FOR_JOBS,
    ),
    ENVIRONMENTS.operation(
        f"GET {ENVIRONMENT}/",
        "An environment with its deployments in short, or `?full=true` whole, now or `?at=` an instant.",
        PROJECT_READ,
        Handling(_read_environment, _get_environment, _show_environment),
        schema=Schema(query=shapes.EnvironmentQuery, answer=shapes.EnvironmentSummary),
    ),
    ENVIRONMENTS.operation(
        f"PUT {ENVIRONMENT}/",
        "Say anew what an environment is.",
        PROJECT_WRITE,
        Handling(words.read_save_environment, update_environment, show_nothing),
        schema=Schema(body=shapes.EnvironmentBody),
    ),
    ENVIRONMENTS.operation(
        f"GET {ENVIRONMENT}/providers/",
        "Which deployments provide each interface.",
        PROJECT_READ,
        Handling(words.read_environment, list_providers, words.show_providers),
        schema=Schema(query=shapes_removal.AtQuery, answer=dict[str, list[str]]),
    ),
    ENVIRONMENTS.operation(
        "POST /api/v1/state/{project}/import-environments",
        "Take over the environments of a local state file; `?overwrite=true` also over deployments.",
        PROJECT_WRITE,
        Handling(words_import.read_import, import_environments, words_import.show_imported),
        schema=IMPORT,
    ),
    ENVIRONMENTS.operation(
        f"DELETE {ENVIRONMENT}/",
        "Remove an environment with everything in it; where that is not complete, asking again goes on.",
        PROJECT_OWNER,
        Handling(words_removal.read_remove_environment, remove_environment, words_removal.show_removed),
        schema=Schema(answer=shapes_removal.RemovedShape),
    ),
)
