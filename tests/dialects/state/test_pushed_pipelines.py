"""What pushes begin of pipelines: which branches count, and which commit their builds build."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.dialects.state.site import Site
from tests.dialects.state.walk import PIPELINES, STAGING

OLDER = "b" * 40
WEB = f"{PIPELINES}/by-project/web"
RELEASE = f"{WEB}/by-name/release"
BUILDING = {"name": "b", "type": "build", "build": "deep", "environment": "staging"}


def a_build(site: Site, name: str = "deep", repo: str = "https://x/deep.git", branch: str = "main") -> None:
    site.done("POST", f"{STAGING}/builds/", {"name": name, "repo": repo, "branch": branch, "steps": [{}]})


def a_pipeline(site: Site, *steps: Mapping[str, object], name: str = "release", **trigger: object) -> None:
    phase = {"name": "p", "steps": list(steps)}
    body = {"name": name, "triggers": [{"type": "webhook", **trigger}], "phases": [phase]}
    site.done("POST", f"{WEB}/add", body)


def trigger_of(site: Site) -> dict[str, Any]:
    (found,) = site.get(f"{RELEASE}/")["triggers"]
    return dict(found)


def pushed(site: Site, branch: str = "main", commit: str = OLDER, **more: object) -> Any:  # noqa: ANN401 - as get
    place = f"{WEB}/pipelines/webhook/{trigger_of(site)['webhooktoken']}"
    return site.done("POST", place, {"ref": f"refs/heads/{branch}", "after": commit, **more}, by="")


def leased(site: Site) -> list[tuple[str, str]]:
    """Branch and commit of each build that is to be done."""
    site.house.work_off()
    return [(str(one.job.ask["branch"]), str(one.job.ask.get("commit", ""))) for one in site.house.lease(slots=8)]


@pytest.fixture
def site() -> Site:
    made = Site()
    a_build(made)
    return made


def test_a_build_step_builds_the_commit_that_was_pushed(site: Site) -> None:
    a_pipeline(site, BUILDING)
    assert "id" in pushed(site)
    assert leased(site) == [("main", OLDER)]


def test_a_build_of_any_branch_builds_the_one_that_was_pushed(site: Site) -> None:
    a_build(site, "any", branch="")
    a_pipeline(site, {**BUILDING, "build": "any"})
    pushed(site, "feature/x")
    assert leased(site) == [("feature/x", OLDER)]


def test_a_push_to_a_branch_that_no_step_builds_is_skipped(site: Site) -> None:
    a_pipeline(site, BUILDING)
    assert pushed(site, "feature/x") == {"skipped": "branch feature/x is of no build of the pipeline"}
    assert leased(site) == []


def test_a_pipeline_below_builds_what_was_pushed_too(site: Site) -> None:
    a_pipeline(site, BUILDING, name="below")
    a_pipeline(site, {"name": "t", "type": "pipeline-trigger", "pipeline": "below", "wait_for_pipeline": True})
    pushed(site)
    assert leased(site) == [("main", OLDER)]


def test_a_build_of_another_repository_builds_its_own_newest(site: Site) -> None:
    a_build(site, "other", "git@x:acme/other.git")
    a_pipeline(site, BUILDING, {**BUILDING, "name": "o", "build": "other"})
    pushed(site, repository={"full_name": "acme/Deep"})
    assert sorted(leased(site)) == [("main", ""), ("main", OLDER)]


def test_who_triggers_by_hand_builds_the_newest_as_before(site: Site) -> None:
    a_pipeline(site, BUILDING)
    site.done("POST", f"{RELEASE}/trigger", {"inputs": {"branch": "feature/x", "commit": OLDER}})
    assert leased(site) == [("main", "")]


@pytest.mark.parametrize(
    ("branches", "begins"),
    [(["main"], True), (["release/*"], False), (["m*", "x"], True), (["*"], True), (["Main"], False), ([], True)],
)
def test_a_trigger_may_name_its_branches(site: Site, branches: list[str], begins: bool) -> None:
    a_pipeline(site, {"name": "go", "type": "noop"}, branches=branches)
    assert ("id" in pushed(site)) is begins
    assert trigger_of(site).get("branches", []) == branches


def test_a_call_that_names_no_branch_begins_whatever_the_trigger_names(site: Site) -> None:
    a_pipeline(site, {"name": "go", "type": "noop"}, branches=["release/*"])
    place = f"{WEB}/pipelines/webhook/{trigger_of(site)['webhooktoken']}"
    assert "id" in site.done("POST", place, by="")


def test_names_of_no_branch_are_refused_by_their_place(site: Site) -> None:
    phase = {"steps": [{"type": "noop"}]}
    body = {"name": "names", "phases": [phase], "triggers": [{"branches": ["main", "a..b", "-x", ""]}]}
    refused = site.refused("POST", f"{WEB}/add", body)
    assert refused == (400, [f"triggers[0].branches[{place}]" for place in (1, 2, 3)])


def again(site: Site, triggers: list[dict[str, object]]) -> list[str]:
    """The tokens of the pipeline after it was saved with these triggers."""
    phase = {"name": "p", "steps": [{"name": "go", "type": "noop"}]}
    site.done("PUT", f"{RELEASE}/", {"phases": [phase], "triggers": triggers})
    return [str(one["webhooktoken"]) for one in site.get(f"{RELEASE}/")["triggers"]]


def test_a_definition_that_is_applied_again_keeps_its_webhooks_address(site: Site) -> None:
    a_pipeline(site, {"name": "go", "type": "noop"})
    first = trigger_of(site)
    assert again(site, [{"type": "webhook"}]) == [first["webhooktoken"]]
    assert again(site, [{"type": "webhook", "id": "of-another-platform"}]) == [first["webhooktoken"]]
    two = again(site, [{"type": "webhook"}, {"type": "webhook"}])
    assert two[0] == first["webhooktoken"]
    assert again(site, [{"type": "webhook"}, {"id": first["id"]}]) == two[::-1]
    assert again(site, []) == []


def test_another_address_is_asked_for_by_name(site: Site) -> None:
    a_pipeline(site, {"name": "go", "type": "noop"})
    first = trigger_of(site)
    (token,) = again(site, [{"type": "webhook", "rotate": True}])
    assert (token != first["webhooktoken"], trigger_of(site)["id"]) == (True, first["id"])
    assert again(site, [{"type": "webhook"}]) == [token]
