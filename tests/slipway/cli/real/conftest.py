"""A shell that asks the platform itself, on fakes: what is set up in it, everybody who may ask, and one project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from chalicelib.kernel.explanation.runner import Runner
from tests.dialects.matrix.callers import ADMIN
from tests.slipway.cli.real_api import RealApi, serving_world
from tests.slipway.cli.recorded_api import Shell

MANIFEST = {"type": "job", "name": "hello", "image": "x", "cmd": ["true"]}
Slipway = Callable[..., Result]
STATE = "/api/v1/state/web"
PHASE = {"name": "try", "gates": [{"name": "go", "type": "approval"}], "steps": [{"name": "say", "type": "noop"}]}
MADE = (
    (f"{STATE}/add-project", None),
    (f"{STATE}/environments/", {"name": "staging", "inputs": {"region": "eu"}}),
    (
        f"{STATE}/repositories/add-repository",
        {"name": "code", "url": "https://git.example.org/app.git", "branch": "main"},
    ),
    (f"{STATE}/environments/staging/builds/", {"name": "app", "repo": "code", "steps": [{}]}),
    (
        "/api/v1/deployment-jobs/by-project/web/add",
        {"environment": "staging", "deployment": "demo/app", "release": "demo/app", "inputs": {"port": 80, "size": 3}},
    ),
    (
        "/api/v1/pipelines/by-project/web/add",
        {"name": "release", "phases": [PHASE], "triggers": [{"type": "webhook"}]},
    ),
)


@pytest.fixture
def api() -> Iterator[RealApi]:
    with serving_world() as served:
        yield served


@pytest.fixture
def slipway(api: RealApi, tmp_path: Path) -> Slipway:
    """Calls the CLI, which must end well unless another exit code is expected."""

    def call(*words: str, by: str = ADMIN, code: int = 0, stdin: str = "") -> Result:
        environment = {"SLIPWAY_API": api.address, "SLIPWAY_TOKEN": api.world.tokens[by]}
        result = Shell(home=tmp_path, environment=environment)(*words, stdin=stdin)
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture
def shop(slipway: Slipway, api: RealApi) -> Slipway:
    """A project with one of everything."""
    for line, body in MADE:
        api.world.done("POST", line, body)
    return slipway


@pytest.fixture
def night(shop: Slipway, api: RealApi) -> Slipway:
    """A project that may use a repository, and a runner that runs tasks."""
    url = "https://git.example.org/quick_start.git"
    api.world.done("PUT", "/api/v1/repositories/quick_start", {"url": url, "projects": ["web"]})
    house = api.world.house
    house.ports.runners.note(Runner(pool="default", name="r1", seen_at=house.world.now(), slots=3, executor="process"))
    return shop


def told(result: Result) -> Any:  # noqa: ANN401 - a document
    return json.loads(result.stdout)
