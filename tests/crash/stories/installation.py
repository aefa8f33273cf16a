"""What people do about what the installation has by id and title."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.installation.entries import GLOBAL_RAFT, Application, ItemType, ListKind, place_handle
from chalicelib.kernel.trains.variables import ScopeKind
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.application_views import (
    ApplicationQuery,
    create_application_view,
    find_application_view,
    list_application_views,
)
from chalicelib.use_cases.installation.applications import (
    CreateApplication,
    UpdateApplication,
    create_application,
    update_application,
)
from chalicelib.use_cases.installation.environments import SaveListed, create_listed, remove_listed, update_listed
from chalicelib.use_cases.installation.find_items import find_raft_titled
from chalicelib.use_cases.installation.git_repositories import (
    GitRepositoryNamed,
    SaveGitRepository,
    create_or_update_git_repository,
    remove_git_repository,
)
from chalicelib.use_cases.installation.groups import (
    RemoveGroup,
    SaveGroup,
    create_or_update_group,
    ensure_group,
    list_groups,
    remove_group,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.repositories import SaveRepository
from chalicelib.use_cases.rafts.raft_items import RemoveItem, SaveItem, create_or_update_item, remove_item
from chalicelib.use_cases.rafts.rafts import (
    RemoveRaft,
    SaveRaft,
    create_or_update_raft,
    remove_raft,
)
from chalicelib.use_cases.variables.numbered_variables import (
    NumberedScope,
    NumberedVariable,
    RemoveNumbered,
    list_numbered_variables,
    remove_numbered_variable,
)
from chalicelib.use_cases.variables.scope_places import ScopeNamed
from chalicelib.use_cases.variables.scoped_variables import (
    ReplaceVariables,
    SetVariable,
    VariableNamed,
    get_scope,
    get_scope_variable,
    remove_variable,
    replace_scope,
    set_variable,
)
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.story import GONE, Story, an_origin, asking, both

ASKED = an_origin()
SHOP = CreateApplication(origin=GIVEN, title="My Shop")
A_SHOP = asking(create_application, SHOP)
WEB = SaveGroup(origin=GIVEN, title="Web")
TOOLS = SaveRaft(origin=GIVEN, title="tools")
ITEM = SaveItem(origin=GIVEN, raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="Deploy", content="echo 1")
CODE = SaveRepository(
    origin=GIVEN, project="", name="code", url="https://git.example.org/a.git", password="p", private_key="k"
)
REGISTERED = SaveGitRepository(settings=CODE, projects=("web",))
MOVED = SaveGitRepository(settings=replace(CODE, origin=ASKED, url="/srv/git/a", private_key=""), projects=("*",))
GONE_ITEM = RemoveItem(origin=ASKED, raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="deploy")


INTEGRATION = SaveListed(origin=ASKED, title="Integration")
LISTED = asking(create_listed, replace(INTEGRATION, origin=GIVEN))
OF_WEB = ScopeNamed(origin=ASKED, titles={ScopeKind.APPLICATION: "WEB"})
BEFORE = ReplaceVariables(scope=replace(OF_WEB, origin=GIVEN), variables={"a": "1", "b": {"secret": "s"}})
WITH_SECRET = asking(replace_scope, BEFORE)


def numbered(ports: Ports) -> Sequence[NumberedVariable]:
    """The variables of the project's application, with their ids."""
    application = ports.installation.find_by(Application, place_handle("web", "web"))
    number = application.id if application is not None else 7
    return list_numbered_variables(ports, NumberedScope(origin=ASKED, ids={ScopeKind.APPLICATION: number}))


def retitle(_house: CrashHouse, ports: Ports) -> None:
    """The shop gets another title."""
    shop = ports.installation.find_by(Application, place_handle("my-shop", "my-shop"))
    if shop is not None:
        update_application(ports, UpdateApplication(origin=ASKED, id=shop.id, title="Store"))


def _id_of_raft(ports: Ports) -> int:
    raft = find_raft_titled(ports, "tools")
    return raft.id if raft is not None else 7


def _id_of_group(ports: Ports) -> int:
    return next((group.id for group in list_groups(ports, ASKED)), 7)


def of(origin: Origin) -> ApplicationQuery:
    """All applications."""
    return ApplicationQuery(origin=origin)


STORIES: Mapping[str, Story] = {
    "make an application": Story(
        act=asking(create_application_view, replace(SHOP, origin=ASKED)), of=(create_application_view,)
    ),
    "give a project its application": Story(
        before=a_project, act=asking(list_application_views, of(ASKED)), of=(list_application_views,)
    ),
    "find the application of a project": Story(
        before=a_project,
        act=asking(find_application_view, ApplicationQuery(origin=ASKED, title="WEB")),
        of=(find_application_view,),
    ),
    "give an application another title": Story(before=A_SHOP, act=retitle, of=(update_application,)),
    "make a group of applications": Story(
        act=asking(create_or_update_group, replace(WEB, origin=ASKED)), of=(create_or_update_group,)
    ),
    "ask for a group of applications": Story(act=asking(ensure_group, replace(WEB, origin=ASKED)), of=(ensure_group,)),
    "rename a group of applications": Story(
        before=asking(create_or_update_group, WEB),
        act=lambda _, ports: create_or_update_group(
            ports, SaveGroup(origin=ASKED, title="Shops", id=_id_of_group(ports))
        ),
        of=(create_or_update_group,),
    ),
    "remove a group of applications": Story(
        before=asking(create_or_update_group, WEB),
        act=lambda _, ports: remove_group(ports, RemoveGroup(origin=ASKED, id=_id_of_group(ports))),
        of=(remove_group,),
    ),
    "make a raft": Story(act=asking(create_or_update_raft, replace(TOOLS, origin=ASKED)), of=(create_or_update_raft,)),
    "remove a raft and all in it": Story(
        before=asking(create_or_update_raft, TOOLS),
        act=lambda _, ports: remove_raft(ports, RemoveRaft(origin=ASKED, id=_id_of_raft(ports))),
        of=(remove_raft,),
    ),
    "put a script into a raft": Story(
        act=asking(create_or_update_item, replace(ITEM, origin=ASKED)), of=(create_or_update_item,)
    ),
    "replace a script of a raft": Story(
        before=both(A_SHOP, asking(create_or_update_item, ITEM)),
        act=asking(create_or_update_item, replace(ITEM, origin=ASKED, content="echo 2")),
        of=(create_or_update_item,),
    ),
    "remove a script of a raft": Story(
        before=asking(create_or_update_item, ITEM), act=asking(remove_item, GONE_ITEM), of=(remove_item,)
    ),
    "register a repository": Story(
        before=a_project,
        act=asking(create_or_update_git_repository, replace(REGISTERED, settings=replace(CODE, origin=ASKED))),
        of=(create_or_update_git_repository,),
    ),
    "register a repository anew": Story(
        before=both(a_project, asking(create_or_update_git_repository, REGISTERED)),
        act=asking(create_or_update_git_repository, MOVED),
        of=(create_or_update_git_repository,),
    ),
    "remove a registered repository": Story(
        before=both(a_project, asking(create_or_update_git_repository, REGISTERED)),
        act=asking(remove_git_repository, GitRepositoryNamed(origin=ASKED, name="code")),
        of=(remove_git_repository,),
        refusals=GONE,
    ),
    "put an environment on the list": Story(act=asking(create_listed, INTEGRATION), of=(create_listed,)),
    "put a server on the list": Story(
        act=asking(create_listed, replace(INTEGRATION, kind=ListKind.SERVER)), of=(create_listed,)
    ),
    "rename an environment of the list": Story(
        before=LISTED,
        act=asking(update_listed, replace(INTEGRATION, new_title="INTEGRATION", is_active=False)),
        of=(update_listed,),
    ),
    "take an environment from the list": Story(
        refusals=GONE, before=LISTED, act=asking(remove_listed, INTEGRATION), of=(remove_listed,)
    ),
    "set the variables of an application": Story(
        before=a_project,
        act=asking(replace_scope, ReplaceVariables(scope=OF_WEB, variables={"a": "1", "b": {"secret": "s"}})),
        of=(replace_scope,),
    ),
    "set a variable of an application": Story(
        before=both(a_project, WITH_SECRET),
        act=asking(set_variable, SetVariable(scope=OF_WEB, name="B", value="another")),
        of=(set_variable,),
    ),
    "remove a variable of an application": Story(
        before=both(a_project, WITH_SECRET),
        act=asking(remove_variable, VariableNamed(scope=OF_WEB, name="b")),
        of=(remove_variable,),
    ),
    "number the variables of an application": Story(
        before=both(a_project, WITH_SECRET),
        act=lambda _, ports: numbered(ports),
        of=(list_numbered_variables,),
    ),
    "remove a variable by its number": Story(
        before=both(both(a_project, WITH_SECRET), lambda _, ports: numbered(ports)),
        act=lambda _, ports: remove_numbered_variable(
            ports, RemoveNumbered(origin=ASKED, id=next((one.id for one in numbered(ports) if one.name == "b"), 7))
        ),
        of=(remove_numbered_variable,),
        refusals=GONE,
    ),
    "look for the variables of a project": Story(
        before=a_project, act=asking(get_scope, OF_WEB), of=(get_scope, get_scope_variable)
    ),
}
