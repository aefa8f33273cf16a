"""Gates that only admins can open are saved, and the answer says so."""

from typing import Any

import pytest

from chalicelib.use_cases.ports.access import Group, User
from tests.builders import NOON, an_entry
from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINE, PIPELINES
from tests.use_cases.catalog_ports import READER, WRITER

NEW = f"{PIPELINES}/by-project/web/add"


@pytest.fixture
def site() -> Site:
    made = Site()
    access = made.house.ports.access
    for group in ("of-one", "of-two"):
        access.save_group(Group(name=group, created_at=NOON), an_entry())
    people = {"ada": (WRITER.roles, ("of-two",)), "bob": (READER.roles, ("of-one", "of-two")), "sam": ((), ("of-two",))}
    for name, (roles, groups) in people.items():
        user = User(name=name, roles=tuple(roles), groups=groups, created_at=NOON)
        access.create_user(user, an_entry())
    return made


def gated(gate: dict[str, Any], **more: object) -> dict[str, object]:
    steps = [{"name": "s", "type": "noop"}]
    return {"name": "release", "phases": [{"gates": [{"type": "approval", **gate}], "steps": steps}], **more}


def warned(site: Site, gate: dict[str, Any], **more: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = site.done("POST", NEW, gated(gate, **more)).get("warnings", [])
    return found


@pytest.mark.parametrize(
    ("gate", "why"),
    [
        ({"user": "sam"}, "of user sam 0 may decide, 1 should"),
        ({"quorum": 2}, "of the writers of web 1 may decide, 2 should"),
    ],
)
def test_a_gate_that_too_few_can_open_is_saved_with_a_warning(site: Site, gate: dict[str, Any], why: str) -> None:
    assert warned(site, gate) == [{"path": "phases[0].gates[0]", "message": f"only admins can open it: {why}"}]
    assert "warnings" not in site.get(f"{PIPELINE}/")


@pytest.mark.parametrize("gate", [{}, {"user": "ada"}, {"team": "of-two", "quorum": 2}, {"team": "of-one"}])
def test_a_gate_that_enough_can_open_is_saved_without_a_word(site: Site, gate: dict[str, Any]) -> None:
    assert warned(site, gate) == []


def test_a_gate_that_the_writers_close_to_themselves_by_a_webhook_is_told(site: Site) -> None:
    (warning,) = warned(site, {"no_self_approval": True}, triggers=[{"type": "webhook"}])
    assert warning["message"].endswith("begins counts as begun by every writer")


@pytest.mark.parametrize(
    ("gate", "places"),
    [
        ({"team": "nobody-there"}, ["team"]),
        ({"user": "ghost"}, ["user"]),
        ({"team": "of-one", "quorum": 5}, ["quorum"]),
        ({"user": "ada", "quorum": 2}, ["quorum"]),
        ({"team": "of-one", "user": "ghost"}, ["user"]),
        ({"team": "nobody-there", "user": "ghost", "quorum": 9}, ["team", "user"]),
    ],
)
def test_a_gate_that_nobody_can_open_is_refused_by_its_place(
    site: Site, gate: dict[str, Any], places: list[str]
) -> None:
    assert site.refused("POST", NEW, gated(gate)) == (400, [f"phases[0].gates[0].{place}" for place in places])
    site.done("POST", NEW, gated({}))
    assert site.refused("PUT", f"{PIPELINE}/", gated(gate))[0] == 400


def test_a_step_that_waits_for_nobody_is_refused_by_its_place(site: Site) -> None:
    step = {"name": "sure?", "type": "confirmation", "user": "ghost"}
    body = {"name": "release", "phases": [{"steps": [step]}]}
    assert site.refused("POST", NEW, body) == (400, ["phases[0].steps[0].user"])
    step["user"] = "sam"
    assert [one["path"] for one in site.done("POST", NEW, body)["warnings"]] == ["phases[0].steps[0]"]
