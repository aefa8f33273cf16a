"""Which variables a snapshot's script is handed, by the environment, server or role for which it runs."""

from dataclasses import replace

import pytest

from chalicelib.kernel.definitions.pipeline import PipelineStep
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.installation.entries import ListKind
from chalicelib.kernel.trains.variables import ScopeKind
from chalicelib.use_cases.installation.environments import SaveListed, create_listed
from chalicelib.use_cases.jobs.hand_out import HandedJob, HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import LeaseJobs
from chalicelib.use_cases.variables.scope_places import ScopeNamed
from chalicelib.use_cases.variables.scoped_variables import ReplaceVariables, replace_scope
from tests.use_cases.catalog_ports import ROOT, an_origin
from tests.use_cases.travel.line import JOB, Line, a_stage

SERVER, ROLE, PLACE = {ScopeKind.SERVER: "node"}, {ScopeKind.ROLE: "db"}, {ScopeKind.ENVIRONMENT: "Prod"}


@pytest.fixture
def line() -> Line:
    """A train, a server, a role and two environments with variables."""
    line = Line()
    for kind, title in ((None, "Prod"), (None, "Int"), (ListKind.SERVER, "node"), (ListKind.ROLE, "db")):
        create_listed(line.ports, SaveListed(origin=an_origin(ROOT), kind=kind, title=title))
    for titles, variables in (
        (SERVER, {"host": "of the node", "key": {"secret": "s3cret"}}),
        (ROLE, {"host": "of the role"}),
        (PLACE, {"host": "in prod", "zone": "p"}),
        ({ScopeKind.ENVIRONMENT: "Int"}, {"zone": "i"}),
        ({**ROLE, **PLACE}, {"size": "9"}),
    ):
        scope = ScopeNamed(origin=an_origin(ROOT), titles=titles)
        replace_scope(line.ports, ReplaceVariables(scope=scope, variables=variables))
    return line


def handed(line: Line, *steps: PipelineStep) -> dict[str, HandedJob]:
    """What each script is handed, by its name."""
    stage = replace(a_stage("Test"), steps=steps)
    line.lay(stage, a_stage("Live"))
    line.begin()
    line.deploy()
    lease = LeaseJobs(pool="default", runner="r1", slots=9, nonce="nonce-of-sixteen-letters")
    names = {one.key: one.name for one in line.ports.runs.plan(line.snapshot().runs[-1]).stages[0].steps}
    return {names[one.leased.job.node]: one for one in hand_out_jobs(line.ports, HandOutJobs(lease=lease))}


def test_a_script_gets_what_its_server_or_role_and_its_environment_give(line: Line) -> None:
    found = handed(
        line,
        replace(JOB, name="node", server="NODE", environment="prod"),
        replace(JOB, name="db", role="db", environment="prod"),
        replace(JOB, name="none", server="other", environment="int"),
    )

    assert {name: one.ask["environment"] for name, one in found.items()} == {
        "node": {"host": "of the node", "key": "s3cret", "zone": "p"},
        "db": {"host": "of the role", "zone": "p", "size": "9"},
        "none": {"zone": "i"},
    }
    assert found["node"].ask["secrets"] == {"environment.key": "s3cret"}


def test_a_script_of_a_stage_of_several_environments_leaves_its_deployment_in_its_own(line: Line) -> None:
    found = handed(line, replace(JOB, name="a", environment="prod"), replace(JOB, name="b", environment="int"))
    for one in found.values():
        line.finish(one.leased, Outcome.SUCCEEDED)

    places = [place for place in ("prod", "int", "staging") if line.ports.deployments.in_environment("web", place)]
    assert places == ["prod", "int"]
