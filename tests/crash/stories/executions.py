"""What people do to runs where they know these as executions."""

from dataclasses import replace

from chalicelib.dialects.state.executions.routes_pipelines import _confirm
from chalicelib.dialects.state.executions.words_pipelines import ConfirmationRequest
from chalicelib.kernel.definitions.compile_pipeline import SECRET
from chalicelib.kernel.definitions.confirmation import code_of
from chalicelib.kernel.plans.plan import NodeAddress
from chalicelib.use_cases.definitions.executions import Confirm, ExecutionNamed, cancel_execution, retry_execution
from chalicelib.use_cases.logs.execution_logs import AddToLog, Line, append_to_log
from tests.crash.plans import FAILED, GATED, ONE_JOB
from tests.crash.stories.story import DONE, FIRST, ROOT, SEED, Story, asking, begun, held, leased

RUN = ExecutionNamed(by=ROOT, of=ONE_JOB.definition, id="run1")
LINES = AddToLog(execution=RUN, lines=(Line(text="one"), Line(text="two", stream="err")), seed=SEED)
CODED = replace(GATED, snapshot={SECRET: "nobody guesses it"})
CONFIRM = Confirm(
    by=ROOT,
    of=CODED.definition,
    id="run1",
    code=code_of(CODED, NodeAddress(execution=1, node="g1", attempt=1)),
    approved=True,
)
CLICKED = ConfirmationRequest(confirm=CONFIRM, is_page=True, is_click=True)

STORIES = {
    "cancel an execution": Story(
        refusals=DONE,
        before=leased(ONE_JOB),
        act=asking(cancel_execution, RUN),
        of=(cancel_execution,),
        held={FIRST: held()},
    ),
    "retry an execution": Story(refusals=DONE, before=FAILED, act=asking(retry_execution, RUN), of=(retry_execution,)),
    "confirm by a code": Story(refusals=DONE, before=begun(CODED), act=asking(_confirm, CLICKED), of=(_confirm,)),
    "add to a log": Story(
        before=leased(ONE_JOB), act=asking(append_to_log, LINES), of=(append_to_log,), held={FIRST: held()}
    ),
}
