"""What is done to variables of several scopes at once, and to those that native methods name by ids."""

from chalicelib.kernel.installation.entries import Application, SharedEnvironment, place_handle, title_handle
from chalicelib.kernel.trains.variables import ScopeKind
from chalicelib.use_cases.installation.environments import remove_listed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.variables.all_variables import (
    GivenVariable,
    ReplaceAll,
    list_all_variables,
    replace_all_variables,
)
from chalicelib.use_cases.variables.numbered_variables import (
    NumberedScope,
    UpdateNumbered,
    list_all_numbered,
    update_numbered_variable,
)
from chalicelib.use_cases.variables.scope_places import ScopeNamed
from chalicelib.use_cases.variables.scoped_variables import SetVariable, set_variable
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.installation import INTEGRATION, LISTED, WITH_SECRET
from tests.crash.stories.story import GONE, Story, an_origin, asking, both

ASKED = an_origin()
JOINT = {ScopeKind.APPLICATION: "WEB", ScopeKind.ENVIRONMENT: "integration"}


def given(name: str, value: object, titles: dict[ScopeKind, str]) -> GivenVariable:
    """A variable to set."""
    return GivenVariable(scope=ScopeNamed(origin=ASKED, titles=titles), name=name, value=value)


ALL = ReplaceAll(
    origin=ASKED,
    variables=(
        given("a", "2", {ScopeKind.APPLICATION: "web"}),
        given("b", {"secret": "a secret of two scopes"}, JOINT),
        given("c", "3", {}),
    ),
)
BEFORE = both(both(a_project, LISTED), WITH_SECRET)


def joint_before(house: CrashHouse, ports: Ports) -> None:
    """A project and an environment that have a variable together."""
    BEFORE(house, ports)
    scope = ScopeNamed(origin=GIVEN, titles=JOINT)
    set_variable(ports, SetVariable(scope=scope, name="host", value="h"))


def save_by_ids(_house: CrashHouse, ports: Ports) -> None:
    """A secret variable of an application in an environment, by their ids."""
    application = ports.installation.find_by(Application, place_handle("web", "web"))
    environment = ports.installation.find_by(SharedEnvironment, title_handle("Integration"))
    ids = {
        ScopeKind.APPLICATION: application.id if application is not None else 7,
        ScopeKind.ENVIRONMENT: environment.id if environment is not None else 7,
    }
    scope = NumberedScope(origin=ASKED, ids=ids)
    update_numbered_variable(ports, UpdateNumbered(scope=scope, name="host", value="a secret host", sensitive=True))


STORIES = {
    "take an environment with variables from the list": Story(
        refusals=GONE, before=joint_before, act=asking(remove_listed, INTEGRATION), of=(remove_listed,)
    ),
    "replace all variables": Story(
        before=joint_before, act=asking(replace_all_variables, ALL), of=(replace_all_variables,)
    ),
    "number all variables": Story(
        before=joint_before,
        act=lambda _, ports: list_all_numbered(ports, ASKED),
        of=(list_all_numbered, list_all_variables),
    ),
    "set a variable of two scopes by their ids": Story(
        before=joint_before, act=save_by_ids, of=(update_numbered_variable,)
    ),
}
