"""Random plans that can be run: every kind of work and policy, nested groups, gates, locks, trains, queues."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from chalicelib.kernel.plans.check_graph import graph_defects
from chalicelib.kernel.plans.plan import (
    Concurrency,
    DecidedBy,
    DefinitionRef,
    Node,
    Plan,
    Policy,
    Promotion,
    Stage,
    Train,
)
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    ExternalWork,
    GateWork,
    Group,
    Impossible,
    Job,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    Qualifier,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Window,
    Windows,
    Work,
)
from tests.builders import NOON, later

SECONDS = st.integers(1, 400).map(lambda number: timedelta(seconds=number))
CRONS = ("0 * * * * ?", "30 */2 * * * ?; 0 0 13 * * ?", "0 5 12 2 6 ? 2026")
HALF_MINUTES = Window(opens="0 * * * * ?", closes="30 * * * * ?")
SELDOM = (Window(opens="0 5 * * * ?", closes="0 7 * * * ?"), Window(opens="0 0 * * * ?", closes="0 1 * * * ?"))
WINDOWS = (Windows(any_of=(HALF_MINUTES,)), Windows(any_of=SELDOM))
CONDITIONS = ("run_nr == 1", "attempt > 1", "'s0' in succeeded", "release != ''", "unknown == 1", "run_nr")
STAGES = ("one", "two", "three")

GATEWORK: st.SearchStrategy[GateWork] = st.one_of(
    st.builds(Approval, no_self_approval=st.booleans(), expires_after=st.none() | SECONDS),
    st.just(ManualTask()),
    st.just(ExternalApproval(system="jira", ticket="OPS-1")),
    st.builds(TestResults, stage=st.just("one"), qualifier=st.sampled_from(Qualifier), value=st.integers(0, 5)),
    st.builds(Schedule, cron=st.sampled_from(CRONS), timezone=st.sampled_from(("UTC", "Europe/Berlin"))),
    st.sampled_from(WINDOWS),
    st.builds(Wait, duration=SECONDS),
    st.builds(Wait, until=st.integers(-60, 400).map(later)),
)
ASKED: st.SearchStrategy[ExternalWork] = st.one_of(
    st.just(Noop()),
    st.builds(Impossible, reason=st.just("not there")),
    st.builds(Job, kind=st.sampled_from(JobKind), ask=st.just({"script": "true"})),
    st.builds(
        RunDefinition,
        kind=st.just(DefinitionKind.PIPELINE),
        project=st.just("web"),
        name=st.just("child"),
        wait=st.booleans(),
    ),
    st.just(CallWebhook(url="https://example.org/hook")),
    st.just(TagRelease(namespace="web", application="app", tag="live")),
    st.just(Notify(subject="done", to=("ada",))),
)
# Work that is asked for is drawn more often: it is what most things happen to.
STEPWORK: st.SearchStrategy[Work] = st.one_of(ASKED, ASKED, st.just(Group()), GATEWORK)


@st.composite
def policies(draw: st.DrawFn, work: Work, *, timed: bool) -> Policy:
    """A policy that fits the work. timed: with a timeout."""
    is_asked = isinstance(work, ExternalWork)
    return Policy(
        ignore_failure=draw(st.integers(0, 3)) == 0,
        run_on_failure=draw(st.integers(0, 3)) == 0,
        run_on_cancel=draw(st.integers(0, 3)) == 0,
        precondition=draw(st.sampled_from(CONDITIONS)) if draw(st.integers(0, 5)) == 0 else None,
        timeout=draw(SECONDS) if timed or draw(st.booleans()) else None,
        attempts=draw(st.integers(1, 3)) if is_asked else 1,
        backoff=draw(st.just(timedelta(0)) | SECONDS) if is_asked else timedelta(0),
        quorum=draw(st.integers(1, 2)) if isinstance(work, Approval) else 1,
    )


@st.composite
def nodes(draw: st.DrawFn, key: str, works: st.SearchStrategy[Work], *, timed: bool) -> Node:
    """A node without needs."""
    work = draw(works)
    named = draw(st.none() | st.just(DecidedBy()) | st.just(DecidedBy(users=("bob",), teams=("qa",))))
    return Node(key=key, name=key, work=work, policy=draw(policies(work, timed=timed)), decided_by=named)


@st.composite
def stages(draw: st.DrawFn, key: str, *, timed: bool = False, promotions: bool = True) -> Stage:
    """A stage whose steps may need one another and stand in groups, listed in any order."""
    gates = tuple(draw(nodes(f"g{place}", GATEWORK, timed=timed)) for place in range(draw(st.integers(0, 2))))
    manual = promotions and draw(st.integers(0, 2)) == 0
    stage = Stage(
        key=key,
        name=key,
        environment="production",
        gates=gates,
        exclusive=draw(st.booleans()),
        gates_in_order=draw(st.booleans()),
        promotion=Promotion.MANUAL if manual else Promotion.AUTOMATIC,
    )
    for place in range(draw(st.integers(1, 6))):
        stage = _with_step(draw, stage, draw(nodes(f"s{place}", STEPWORK, timed=timed)))
    return replace(stage, steps=tuple(draw(st.permutations(stage.steps))))


def _with_step(draw: st.DrawFn, stage: Stage, step: Node) -> Stage:
    """The stage with one more step, bound to earlier ones where that makes no circle."""
    earlier = [one.key for one in stage.steps]
    groups = [one.key for one in stage.steps if isinstance(one.work, Group)]
    needs = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2)) if earlier else []
    group = draw(st.none() | st.sampled_from(groups)) if groups else None
    bound = replace(stage, steps=(*stage.steps, replace(step, needs=tuple(needs), group=group)))
    return replace(stage, steps=(*stage.steps, replace(step, group=group))) if graph_defects(bound) else bound


@st.composite
def plans(draw: st.DrawFn, *, timed: bool = False, promotions: bool = True, number: int = 1) -> Plan:
    """A plan. timed: every node has a timeout. promotions: some stages wait for one. number: its id and place."""
    keys = STAGES[: draw(st.integers(1, 3))]
    concurrency = draw(st.sampled_from(Concurrency))
    return Plan(
        id=f"run{number}",
        definition=DefinitionRef(kind=DefinitionKind.PIPELINE, project="web", name="release"),
        number=number,
        started_by="ada",
        created_at=NOON,
        stages=tuple(draw(stages(key, timed=timed, promotions=promotions)) for key in keys),
        concurrency=concurrency,
        train=Train(name="web", number=number) if concurrency is Concurrency.SUPERSEDE else None,
        ordered=draw(st.booleans()),
        redeploys=draw(st.sampled_from(("", "", "run0"))),
        inputs=draw(st.just({}) | st.just({"colour": "blue"})),
    )
