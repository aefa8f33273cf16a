"""What people do to trains and tasks by the console."""

from dataclasses import replace

from chalicelib.dialects.console.tasks.acts import ActOnTask, StartByForm, act_on_task, start_by_form
from chalicelib.dialects.console.trains.acts import DeployByForm, ReplayByForm, deploy_by_form, replay_by_form
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.travel.execution_acts import ReplayExecution
from chalicelib.use_cases.workloads.tasks import RemoveTaskOfId, RunTaskAgain, deploy_task
from tests.crash.house import CrashHouse
from tests.crash.stories import executions_of_snapshots as executions
from tests.crash.stories.story import DONE, GONE, ROOT, Story, an_origin, asking, both
from tests.crash.stories.tasks import A_SERVICE, FROM_GIT, GIVEN_ONE, OWN, RUN_FROM_GIT, WITH_CODE
from tests.crash.stories.trains import DEPLOY, snapshots

ASKED = an_origin()


def replay(_house: CrashHouse, ports: Ports) -> object:
    """Somebody replays the stage that was aborted."""
    place = executions.place(ports)
    snapshot = ports.snapshots.snapshot(place.train, place.snapshot)
    again = ReplayExecution(
        origin=ASKED, train=place.train, snapshot=place.snapshot, run=snapshot.runs[-1], execution=1
    )
    return replay_by_form(ports, ReplayByForm(replay=again, is_by_session=False))


def a_job(house: CrashHouse, ports: Ports) -> None:
    """A job that was deployed, and whose run was cancelled."""
    WITH_CODE(house, ports)
    deploy_task(ports, replace(GIVEN_ONE, origin=A_SERVICE.origin))
    house.deliver(ports)
    decide_run(ports, DecideRun(run=OWN, kind=ActKind.CANCELLED, by=ROOT))
    house.deliver(ports)


STORIES = {
    "deploy a snapshot by a form": Story(
        refusals=DONE,
        before=snapshots,
        act=asking(deploy_by_form, DeployByForm(deploy=replace(DEPLOY, variables={}), is_by_session=False)),
        of=(deploy_by_form,),
    ),
    "replay a stage of a snapshot by a form": Story(
        refusals=DONE, before=executions.aborted, act=replay, of=(replay_by_form,)
    ),
    "deploy a directory by a form": Story(
        before=WITH_CODE,
        act=asking(start_by_form, StartByForm(start=FROM_GIT, is_by_session=False)),
        of=(start_by_form,),
    ),
    "run a pipeline by a form": Story(
        before=WITH_CODE,
        act=asking(start_by_form, StartByForm(start=RUN_FROM_GIT, is_by_session=False)),
        of=(start_by_form,),
    ),
    "delete a task by a form": Story(
        before=both(WITH_CODE, asking(deploy_task, A_SERVICE)),
        act=asking(act_on_task, ActOnTask(act=RemoveTaskOfId(origin=ASKED, id=OWN), is_by_session=False)),
        of=(act_on_task,),
        refusals=GONE,
    ),
    "run a job again by a form": Story(
        before=a_job,
        act=asking(act_on_task, ActOnTask(act=RunTaskAgain(origin=ASKED, id=OWN), is_by_session=False)),
        of=(act_on_task,),
    ),
}
