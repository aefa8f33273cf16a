"""A release says from what, by whom and in which run it was built, as far as we know that ourselves."""

import json

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in
from tests.builders import a_plan, a_stage, a_step
from tests.crash.plans import SCRIPT
from tests.dialects.inventory import site as site_module
from tests.dialects.inventory.site import INVENTORY, UNIT, Site

JOB = "run1.1.s1.1"
BODY = {"name": "app", "version": "1.0", "repository": "https://git.example/app.git", "git_revision": "abc"}
SOURCE = {"repository": "https://git.example/app.git", "revision": "abc"}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    roles = frozenset({role_in("web", Level.JOB)})
    monkeypatch.setitem(site_module.PRINCIPALS, JOB, Principal(name=JOB, roles=roles, kind=PrincipalKind.JOB))
    site = Site()
    site.house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    return site


def registered(site: Site, by: str, **headers: str) -> object:
    """What the release that somebody registers says of its making."""
    answered = site.ask("POST", f"{INVENTORY}/demo/register", BODY, by=by, X_Slipway_Project="web", **headers)
    assert answered.status == 200, answered.text
    return site.get(f"{UNIT}/versions/1.0/?full=true", by="root")["provenance"]


def test_what_a_job_registers_was_built_by_its_run_for_who_started_it(site: Site) -> None:
    assert registered(site, JOB) == {**SOURCE, "built_by": "ada", "run": "run1"}


def test_what_a_job_registers_is_by_who_started_its_run(site: Site) -> None:
    registered(site, JOB)
    assert site.get(f"{UNIT}/", by="root")["uploaded_by"] == "ada"
    assert site.get(f"{UNIT}/versions/1.0/?full=true", by="root")["uploaded_by"] == "ada"


def test_hooks_hear_that_what_a_job_uploads_is_by_who_started_its_run(site: Site) -> None:
    registered(site, JOB)
    site.ask("PUT", f"{UNIT}/hooks/", {"events": {"url": "https://e.example/"}}, by="root")
    assert site.upload("v1.0", b"abc", by=JOB).status == 200
    site.house.ports = site.ports
    site.house.work_off()
    assert [json.loads(body)["username"] for _, _, body in site.house.outside.posted] == ["ada"]


def test_a_job_cannot_say_that_another_run_did(site: Site) -> None:
    assert registered(site, JOB, X_Slipway_Run="run2") == {**SOURCE, "built_by": "ada", "run": "run1"}


def test_who_may_see_the_run_may_name_it(site: Site) -> None:
    assert registered(site, "two", X_Slipway_Run="run1") == {**SOURCE, "built_by": "ada", "run": "run1"}


@pytest.mark.parametrize("run", ["", "none", "a/b", "x" * 300])
def test_without_a_run_it_was_built_by_who_registered_it(site: Site, run: str) -> None:
    assert registered(site, "two", X_Slipway_Run=run) == {**SOURCE, "built_by": "two", "run": ""}


def test_a_run_that_one_may_not_see_says_nothing(site: Site) -> None:
    body = {**BODY, "name": "app"}
    site.ask("POST", f"{INVENTORY}/far/register", body, by="sam", X_Slipway_Run="run1")
    shown = site.get(f"{INVENTORY}/far/units/app/versions/1.0/?full=true", by="root")
    assert shown["provenance"] == {**SOURCE, "built_by": "sam", "run": ""}


def test_a_run_that_has_ended_builds_nothing_more(site: Site) -> None:
    (leased,) = site.house.lease()
    site.house.finish(leased)
    assert registered(site, "two", X_Slipway_Run="run1") == {**SOURCE, "built_by": "two", "run": ""}
