"""A step and an execution that no runner has taken yet are pending, never running."""

from typing import Any

from tests.dialects.state.site import Site

PIPELINES = "/api/v1/pipelines/by-project/web"
PHASES = [
    {"name": "go", "steps": [{"name": name, "type": "script", "script": "true"} for name in ("say", "again")]},
]


def test_a_step_without_a_runner_is_pending() -> None:
    site = Site()
    site.done("POST", f"{PIPELINES}/add", {"name": "twice", "phases": PHASES})
    run = site.done("POST", f"{PIPELINES}/by-name/twice/trigger")["id"]
    assert statuses(site, run) == ["pending", "pending"]
    assert reasons(site, run)[0] == "no runner of pool default is up; none was seen in 7 days"
    site.house.lease()
    assert sorted(statuses(site, run)) == ["pending", "running"]


def test_an_execution_of_one_job_is_pending_as_its_build_is() -> None:
    site = Site()
    builds = "/api/v1/state/web/environments/staging/builds"
    body = {"name": "app", "repo": "https://example.org/app.git", "branch": "main", "steps": [{}]}
    site.done("POST", f"{builds}/", body)
    site.done("POST", f"{builds}/by-name/app/trigger-build", {"branch": "main"})
    assert shown(site, builds) == ["pending", "pending", "pending"]
    site.house.lease()
    assert shown(site, builds) == ["running", "running", "running"]


def statuses(site: Site, run: str) -> list[str]:
    seen: dict[str, Any] = site.get(f"{PIPELINES}/by-name/twice/executions/{run}/")
    return [step["status"] for step in seen["pipeline"]["phases"][0]["steps"]]


def reasons(site: Site, run: str) -> list[str]:
    seen: dict[str, Any] = site.get(f"{PIPELINES}/by-name/twice/executions/{run}/")
    return [step["reason"] for step in seen["pipeline"]["phases"][0]["steps"]]


def shown(site: Site, builds: str) -> list[str]:
    """The status of the execution, of its build in it, and of the build by itself."""
    (one,) = site.get(f"{builds}/by-name/app/executions/")
    return [one["status"], one["build"]["status"], site.get(f"{builds}/by-name/app/")["status"]]


def test_an_execution_and_each_of_a_list_is_explained_where_that_is_asked_for() -> None:
    site = Site()
    site.done("POST", f"{PIPELINES}/add", {"name": "twice", "phases": PHASES})
    run = site.done("POST", f"{PIPELINES}/by-name/twice/trigger")["id"]
    executions = f"{PIPELINES}/by-name/twice/executions"
    lists = (f"{executions}/", f"{PIPELINES}/executions/", "/api/v1/pipelines/executions/")
    asked = [site.get(f"{path}?explain=true", by="bob")[0]["explain"] for path in lists]
    asked.append(site.get(f"{executions}/{run}/?explain=true", by="bob")["explain"])
    assert [[hold["kind"] for hold in one["holds"]] for one in asked] == [["runner", "runner"]] * 4
    assert all("explain" not in one for one in (site.get(lists[0])[0], site.get(f"{executions}/{run}/")))
    assert site.refused("GET", f"{lists[0]}?explain=perhaps") == (400, ["explain"])
