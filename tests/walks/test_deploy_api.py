"""The Deploy API over HTTP, from a real repository to real processes: load, run, fail, clean up, try again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.slipway.runner.repositories import git
from tests.walks.api import Ask, eventually
from tests.walks.site import Site

API = "/apps/deploy-api"
NAMESPACE = "deploy-walk"
FAILS_ONCE = 'test -e "$MARK" || { touch "$MARK"; exit 3; }'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three tasks, of which the second fails the first time, and their pipeline."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "master")
    env = [{"name": "MARK", "value": str(tmp_path / "mark")}]
    for name, script in (("create", "true"), ("work", FAILS_ONCE), ("delete", "echo deleted")):
        manifest = {"type": "job", "name": name, "image": "x", "cmd": ["sh", "-c", script], "env": env}
        (folder / name).mkdir()
        (folder / name / "manifest.json").write_text(json.dumps(manifest))
    tasks = [
        {"name": "create", "namespacetask": "walked/create"},
        {"name": "work", "namespacetask": "walked/work", "dependance": ["create"]},
        {"name": "delete", "namespacetask": "walked/delete", "dependance": ["work"], "run-if-error": True},
    ]
    (folder / "cluster").mkdir()
    (folder / "cluster" / "pipeline.json").write_text(json.dumps({"name": "cluster", "tasks": tasks}))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


def asked(site: Site, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
    answer = site.asks(Ask(method=method, path=path, token=site.ready["admin_token"], body=body))
    assert answer.status < 300, answer.text
    return json.loads(answer.text)


def ended(site: Site, pipeline: Mapping[str, Any], status: str) -> dict[str, str]:
    """What became of each task, once the pipeline has this status."""

    def seen() -> dict[str, str] | None:
        state = asked(site, "GET", f"{API}{pipeline['state_url']}")
        tasks = {one["name"]: one["status"] for one in state["tasks"]}
        return tasks if state["status"] == status else None

    found: dict[str, str] = eventually(seen, 60)
    return found


def test_a_pipeline_from_git_fails_cleans_up_and_is_tried_again(workplace: Site, repository: Path) -> None:
    site = workplace
    site.project(NAMESPACE, "staging")
    known = {"url": str(repository), "projects": [NAMESPACE]}
    asked(site, "PUT", "/api/v1/repositories/walked", known)
    work = asked(site, "POST", f"{API}/v2/pipeline/load/configuration/from-git/walked/cluster", {"branch": "master"})
    state = f"{API}/v2/pipeline/get/configuration-loading-state/{work['work_id']}"
    loaded = eventually(lambda: found if (found := asked(site, "GET", state))["status"] == "DONE" else None, 60)
    assert loaded["configuration"]["name"] == "cluster"
    assert len(loaded["commit"]) == 40

    begun = asked(site, "GET", f"{API}/v1/pipeline/runinas/walked/cluster/night/cluster?project={NAMESPACE}")
    assert ended(site, begun, "FAILED") == {"create": "SUCCEEDED", "work": "FAILED", "delete": "SUCCEEDED"}

    asked(site, "POST", f"{API}/v1/pipeline/retry/{begun['id']}")
    assert ended(site, begun, "SUCCEEDED") == dict.fromkeys(("create", "work", "delete"), "SUCCEEDED")
    jobs = asked(site, "GET", f"{API}/v1/list/tasks/night")["jobs"]
    assert {(one["name"], one["status"]) for one in jobs} == {
        (f"cluster-{name}", "SUCCEEDED") for name in ("create", "work", "delete")
    }
