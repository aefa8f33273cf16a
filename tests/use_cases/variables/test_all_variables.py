"""Configured variables of all scopes, of several at once, listed and replaced together."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import ListKind
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import ScopeKind
from chalicelib.use_cases.installation.applications import CreateApplication, create_application
from chalicelib.use_cases.installation.environments import SaveListed, create_listed, remove_listed
from chalicelib.use_cases.installation.forget_variables import scope_of
from chalicelib.use_cases.installation.groups import RemoveGroup, SaveGroup, ensure_group, remove_group
from chalicelib.use_cases.trains.forget import forget_applications
from chalicelib.use_cases.variables.all_variables import (
    GivenVariable,
    ReplaceAll,
    list_all_variables,
    replace_all_variables,
)
from chalicelib.use_cases.variables.effective import Destination, variables_of
from chalicelib.use_cases.variables.scope_places import ScopeNamed
from chalicelib.use_cases.variables.scoped_variables import SetVariable, get_scope, set_variable
from tests.fakes.secrets import FakeSecrets
from tests.use_cases.catalog_ports import READER, ROOT, WHOLE, WRITER, an_origin
from tests.use_cases.trains.station import Station

STRANGER = Principal(name="eve", roles=frozenset(), scopes=WHOLE)
WEB = {ScopeKind.APPLICATION: "web"}
PROD, NODE, ROLE = {ScopeKind.ENVIRONMENT: "Prod"}, {ScopeKind.SERVER: "node 1"}, {ScopeKind.ROLE: "db"}
Row = tuple[str, str | None, tuple[str, ...]]


@pytest.fixture
def station() -> Station:
    """A project that has an application, an environment, a server and a role."""
    station = Station()
    root = an_origin(ROOT)
    create_application(station.ports, CreateApplication(origin=root, title="Shop"))
    create_listed(station.ports, SaveListed(origin=root, title="Prod"))
    create_listed(station.ports, SaveListed(origin=root, kind=ListKind.SERVER, title="node 1"))
    create_listed(station.ports, SaveListed(origin=root, kind=ListKind.ROLE, title="db"))
    return station


def put(station: Station, value: str, titles: dict[ScopeKind, str], by: Principal = ROOT, name: str = "host") -> None:
    origin = an_origin(by)
    set_variable(station.ports, SetVariable(scope=ScopeNamed(origin=origin, titles=titles), name=name, value=value))


def rows(station: Station, by: Principal = ROOT) -> list[Row]:
    """Each variable with the titles of what it is of."""
    found = list_all_variables(station.ports, an_origin(by))
    return sorted((one.name, one.value, tuple(owner.title for owner in one.owners.values())) for one in found)


def replace(station: Station, *given: tuple[str, object, dict[ScopeKind, str]], by: Principal = ROOT) -> None:
    origin = an_origin(by)
    variables = tuple(
        GivenVariable(scope=ScopeNamed(origin=origin, titles=titles), name=name, value=value)
        for name, value, titles in given
    )
    replace_all_variables(station.ports, ReplaceAll(origin=origin, variables=variables))


def a_snapshot(station: Station) -> tuple[Train, Snapshot]:
    train = station.plan()
    return train, station.make(train.id)


@pytest.mark.parametrize(
    ("to", "host"),
    [
        (Destination(), "of the web"),
        (Destination(environment="prod"), "web in prod"),
        (Destination(environment="test"), "of the web"),
        (Destination(environment="prod", server="NODE 1"), "web on the node in prod"),
        (Destination(server="node 1"), "of the web"),
        (Destination(environment="prod", server="none", role="none"), "web in prod"),
    ],
)
def test_of_scopes_that_all_count_the_nearest_gives_the_value(station: Station, to: Destination, host: str) -> None:
    for value, titles in (
        ("of all", {}),
        ("of the web", WEB),
        ("in prod", PROD),
        ("web in prod", {**PROD, **WEB}),
        ("web on the node in prod", {**NODE, **PROD, **WEB}),
        ("node in prod", {**NODE, **PROD}),
    ):
        put(station, value, titles)
    train, snapshot = a_snapshot(station)

    assert variables_of(station.ports, train, snapshot, to=to).values == {"host": host}


def test_variables_of_a_server_and_a_role_stand_between_the_application_and_the_environment(station: Station) -> None:
    for value, titles in (("in prod", PROD), ("for the db", ROLE), ("on the node", NODE)):
        put(station, value, titles)
    train, snapshot = a_snapshot(station)
    found = [
        variables_of(station.ports, train, snapshot, to=to).values["host"]
        for to in (
            Destination(environment="prod"),
            Destination(environment="prod", role="DB"),
            Destination(environment="prod", role="db", server="node 1"),
        )
    ]

    assert found == ["in prod", "for the db", "on the node"]


def test_writers_of_an_application_have_its_variables_also_jointly_and_no_others(station: Station) -> None:
    put(station, "web in prod", {**WEB, **PROD}, by=WRITER)

    for titles in (PROD, {**PROD, **NODE}, {}):
        with pytest.raises(Forbidden):
            put(station, "x", titles, by=WRITER)
    with pytest.raises(Forbidden):
        put(station, "x", {**WEB, **PROD}, by=READER)
    with pytest.raises(NotFound):
        put(station, "x", {**WEB, **PROD}, by=STRANGER)
    with pytest.raises(NotFound):
        put(station, "x", {**WEB, ScopeKind.ENVIRONMENT: "none"}, by=WRITER)


def test_everybody_lists_what_they_may_read(station: Station) -> None:
    for value, titles in (("1", {}), ("2", PROD), ("3", {**WEB, **PROD}), ("4", {ScopeKind.APPLICATION: "shop"})):
        put(station, value, titles)

    every = [("host", "1", ()), ("host", "2", ("Prod",)), ("host", "3", ("web", "Prod")), ("host", "4", ("Shop",))]
    assert rows(station) == every
    assert rows(station, READER) == every[:3]
    assert rows(station, STRANGER) == every[:2]


def test_all_are_replaced_and_what_is_left_out_is_gone(station: Station) -> None:
    for value, titles in (("1", {}), ("2", PROD), ("3", {**WEB, **PROD})):
        put(station, value, titles)
    replace(station, ("host", "1", {}), ("port", "80", {**PROD, **ROLE}), ("host", "5", {ScopeKind.APPLICATION: "WEB"}))

    assert rows(station) == [("host", "1", ()), ("host", "5", ("web",)), ("port", "80", ("db", "Prod"))]
    saved = len(station.audits.kept)
    replace(station, ("host", "1", {}), ("port", "80", {**PROD, **ROLE}), ("host", "5", WEB))
    assert len(station.audits.kept) == saved


def test_a_secret_that_is_given_back_as_it_is_shown_stays(station: Station) -> None:
    replace(station, ("key", {"secret": "s3cret"}, {**WEB, **PROD}), ("host", "1", {}))
    kept = get_scope(station.ports, ScopeNamed(origin=an_origin(), titles={**WEB, **PROD})).secrets
    replace(station, ("key", {"secret": "***"}, {**WEB, **PROD}))

    assert get_scope(station.ports, ScopeNamed(origin=an_origin(), titles={**WEB, **PROD})).secrets == kept
    assert rows(station) == [("key", None, ("web", "Prod"))]


def test_all_defects_are_told_with_their_scopes_and_nothing_is_changed(station: Station) -> None:
    put(station, "1", {})
    again = {ScopeKind.ENVIRONMENT: "PROD"}
    with pytest.raises(Invalid) as refused:
        replace(station, ("a-", "1", {**WEB, **PROD}), ("host", [], {}), ("port", "1", PROD), ("port", "2", again))

    told = [f"{one.path}: {one.message}" for one in refused.value.defects]
    assert told[0] == "[3].name: port is given twice for one scope"
    assert [one.partition(":")[0] for one in told[1:]] == ["variables.host", "variables.a-"]
    assert told[2].endswith("(application web/web and environment prod)")
    with pytest.raises(NotFound, match="no server none"):
        replace(station, ("a", "1", {ScopeKind.SERVER: "none"}))
    assert rows(station) == [("host", "1", ())]


@pytest.mark.parametrize("by", [WRITER, READER, STRANGER])
def test_owners_of_every_project_alone_replace_all(station: Station, by: Principal) -> None:
    put(station, "1", {})

    with pytest.raises(Forbidden):
        replace(station, by=by)
    assert rows(station) == [("host", "1", ())]


def test_with_its_application_a_joint_scope_goes(station: Station) -> None:
    put(station, "1", {**WEB, **PROD})
    put(station, "2", {**ROLE, **PROD})
    forget_applications(station.ports, "web", {"web"})

    assert rows(station) == [("host", "2", ("db", "Prod"))]


@pytest.mark.parametrize(("titles", "kind"), [(PROD, None), (NODE, ListKind.SERVER), (ROLE, ListKind.ROLE)])
def test_with_what_they_belong_to_variables_and_their_secrets_go(
    station: Station, titles: dict[ScopeKind, str], kind: ListKind | None
) -> None:
    (title,) = titles.values()
    entry = SaveListed(origin=an_origin(ROOT), kind=kind, title=title)
    replace(station, ("key", {"secret": "s3cret"}, titles), ("key", {"secret": "s4cret"}, {**WEB, **titles}))
    put(station, "1", WEB)
    remove_listed(station.ports, entry)
    create_listed(station.ports, entry)

    assert rows(station) == [("host", "1", ("web",))]
    assert station.ports.variables.of_joint_scopes() == []
    assert isinstance(station.ports.secrets, FakeSecrets)
    assert station.ports.secrets.kept == {}


def test_who_may_not_remove_an_environment_leaves_its_variables(station: Station) -> None:
    put(station, "1", PROD)

    with pytest.raises(Forbidden):
        remove_listed(station.ports, SaveListed(origin=an_origin(WRITER), title="Prod"))
    assert rows(station) == [("host", "1", ("Prod",))]


def test_with_a_group_its_variables_go(station: Station) -> None:
    root = an_origin(ROOT)
    group = ensure_group(station.ports, SaveGroup(origin=root, title="Shops"))
    put(station, "1", {ScopeKind.APPLICATION_GROUP: "shops"})
    remove_group(station.ports, RemoveGroup(origin=root, id=group.id))

    assert station.ports.variables.variables(scope_of(group)).values == {}
