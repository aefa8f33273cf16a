"""What people do to runs."""

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.parting import MOST_FOLDS
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentStage, DeploymentState, StageState
from chalicelib.store.projects.keys import PROJECTS, cell_key
from chalicelib.store.runs import keys
from chalicelib.use_cases.overview.approvals import DecideMany, ListApprovals, decide_many, list_approvals
from chalicelib.use_cases.overview.find_runs import FindRuns, find_runs
from chalicelib.use_cases.overview.matrix import MatrixQuery, get_matrix
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.decide import DecideNode, decide_node, decide_run
from chalicelib.use_cases.runs.refold import refold_run
from chalicelib.use_cases.runs.report_tests import ReportTests, report_tests
from tests.builders import NOON, ORIGIN, a_chain, a_gate, a_plan, a_stage
from tests.crash.catalog import a_project, environments
from tests.crash.house import CrashHouse
from tests.crash.plans import CALLING, FAILED, GATED, GATHERING, ONE_JOB, WAITING, deciding, doing, overtaking
from tests.crash.stories.story import DONE, FIRST, ROOT, Story, begun, both, held, leased


def unlisted(house: CrashHouse, _ports: Ports) -> None:
    """Runs are as 0.1 wrote them, without what lists find them by."""
    table = house.tables().of(keys.RUNS)
    gone = tuple(Path(name).remove() for name in ("listing", "summary"))
    for run in ("run1", "run2"):
        table.update(keys.run_key(run), gone)


def found(_house: CrashHouse, ports: Ports) -> object:
    """All runs that somebody may see."""
    return find_runs(ports, FindRuns(by=ROOT, project="web"))


def found_whole(_house: CrashHouse, ports: Ports) -> None:
    """Both are found."""
    assert [one.id for one in find_runs(ports, FindRuns(by=ROOT, project="web")).runs] == ["run2", "run1"]


def waiting(_house: CrashHouse, ports: Ports) -> object:
    """What waits for people."""
    return list_approvals(ports, ListApprovals(by=ROOT))


def waiting_whole(_house: CrashHouse, ports: Ports) -> None:
    """The gates of both wait."""
    waits = list_approvals(ports, ListApprovals(by=ROOT)).approvals
    assert [one.run.id for one in waits] == ["run1", "run2"]


def all_decided(_house: CrashHouse, ports: Ports) -> None:
    """Both runs have ended well."""
    assert all(ports.runs.run(run).phase is Phase.SUCCEEDED for run in ("run1", "run2"))


MANY = DecideMany(
    decisions=tuple(DecideNode(run=run, kind=ActKind.APPROVED, by=ROOT, node="g1") for run in ("run1", "run2"))
)
TWO_GATED = begun(GATED, a_plan(a_stage(gates=(a_gate(),)), run="run2"))


def cell_lost(house: CrashHouse, ports: Ports) -> None:
    """A deployment is as 0.1 wrote it, without its cell."""
    environments(house, ports)
    state = DeploymentState(name="app", stages={DeploymentStage.DEPLOY: StageState(version="1.0")})
    new = Deployment(project="web", environment="staging", name="app", state=None, changed_at=NOON)
    ports.deployments.commit(new, Change(id="change", at=NOON, by="ada", action=JobKind.DEPLOY, state=state), None)
    house.tables().of(PROJECTS).delete(cell_key("web", "staging", "app"))


def matrix_whole(_house: CrashHouse, ports: Ports) -> None:
    """The deployment is in the matrix."""
    (project,) = get_matrix(ports, MatrixQuery(by=ROOT)).projects
    assert [(one.cell.deployment, one.cell.version) for one in project.cells] == [("app", "1.0")]


def comes_out(_house: CrashHouse, ports: Ports) -> None:
    """Whatever broke on the way, by what the run was given the same comes out, and its archive has all of it."""
    assert refold_run(ports, "run1").differs == ()
    archive, run = ports.archives.find("run1"), ports.runs.run("run1")
    assert archive is not None
    assert run.trace is not None
    assert len(archive.trace.folds) > MOST_FOLDS
    assert run.trace.moved == len(ports.runs.earlier_folds("run1")) > 0


STORIES = {
    "see what an earlier version has deployed": Story(
        before=cell_lost,
        act=lambda _, ports: get_matrix(ports, MatrixQuery(by=ROOT)),
        of=(get_matrix,),
        then=matrix_whole,
    ),
    "list runs of an earlier version": Story(
        before=both(both(a_project, TWO_GATED), unlisted),
        act=found,
        of=(find_runs,),
        then=found_whole,
    ),
    "start a chain": Story(act=lambda _, ports: start_run(ports, a_plan(a_chain(3)), origin=ORIGIN), of=()),
    "start a chain whose folds leave its record": Story(
        act=lambda _, ports: start_run(ports, a_plan(a_chain(MOST_FOLDS + 4)), origin=ORIGIN), of=(), then=comes_out
    ),
    "start a job": Story(act=lambda _, ports: start_run(ports, ONE_JOB, origin=ORIGIN), of=()),
    "start a webhook": Story(act=lambda _, ports: start_run(ports, CALLING, origin=ORIGIN), of=()),
    "list what waits in runs of an earlier version": Story(
        before=both(both(a_project, TWO_GATED), unlisted),
        act=waiting,
        of=(list_approvals,),
        then=waiting_whole,
    ),
    "decide about many at once": Story(
        before=TWO_GATED,
        act=lambda _, ports: decide_many(ports, MANY),
        of=(decide_many,),
        then=all_decided,
    ),
    "approve": Story(refusals=DONE, before=begun(GATED), act=deciding(ActKind.APPROVED), of=(decide_node,)),
    "reject": Story(refusals=DONE, before=begun(GATED), act=deciding(ActKind.REJECTED), of=(decide_node,)),
    "override": Story(refusals=DONE, before=begun(WAITING), act=deciding(ActKind.OVERRODE), of=(decide_node,)),
    "cancel before a runner came": Story(
        refusals=DONE, before=begun(ONE_JOB), act=doing(ActKind.CANCELLED), of=(decide_run,)
    ),
    "cancel while a runner works": Story(
        refusals=DONE, before=leased(ONE_JOB), act=doing(ActKind.CANCELLED), of=(decide_run,), held={FIRST: held()}
    ),
    "retry": Story(refusals=DONE, before=FAILED, act=doing(ActKind.RETRIED), of=(decide_run,)),
    "replay": Story(refusals=DONE, before=FAILED, act=doing(ActKind.REPLAYED), of=(decide_run,)),
    "abort": Story(refusals=DONE, before=begun(GATED), act=doing(ActKind.ABORTED), of=(decide_run,)),
    "promote first": Story(
        refusals=DONE, before=begun(GATHERING), act=doing(ActKind.PROMOTED, stage="one"), of=(decide_run,)
    ),
    "promote past the gates": Story(
        refusals=DONE,
        before=begun(GATHERING),
        act=doing(ActKind.PROMOTED, stage="one", mode=PromotionMode.FORCED),
        of=(decide_run,),
    ),
    "take an approval back": Story(
        refusals=DONE,
        before=both(begun(GATHERING), deciding(ActKind.APPROVED)),
        act=deciding(ActKind.REVOKED, node="g1"),
        of=(decide_node,),
    ),
    "report tests": Story(
        before=begun(GATED),
        act=lambda _, ports: report_tests(
            ports, ReportTests(run="run1", by=ROOT, stage="one", name="unit", passed=1, failed=0, skipped=0)
        ),
        of=(report_tests,),
    ),
    "overtake": Story(
        refusals=DONE,
        before=begun(overtaking(1), overtaking(2)),
        act=deciding(ActKind.APPROVED, run="run2"),
        of=(decide_node,),
    ),
}
