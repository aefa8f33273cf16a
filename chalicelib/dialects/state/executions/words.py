"""Read requests about executions of builds and deployment jobs and their logs, and show the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from chalicelib.dialects.state.builds.words import shown_build
from chalicelib.dialects.state.executions import shapes
from chalicelib.dialects.state.jobs.words import shown_job
from chalicelib.dialects.state.words import read_page, run_fields, shown_instant
from chalicelib.http.answers.explanation import explain_field
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.definition import BuildDefinition, DeploymentJob, build_ref, job_ref
from chalicelib.kernel.engine.job import Commit
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.definitions.executions import Execution, ExecutionNamed, ExecutionsIn, ExecutionsOf
from chalicelib.use_cases.jobs.commit import ReportCommit
from chalicelib.use_cases.logs.execution_logs import AddToLog, Line, ReadExecutionLog
from chalicelib.use_cases.logs.watch_log import OfferedLog
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.frozen import frozen


@frozen
class ExecutionWords:
    """Read and show executions of one kind of definition.

    definition_of: returns the definition in the path. id: the path parameter that holds the execution's id.
    """

    kind: DefinitionKind
    definition_of: Callable[[Request], DefinitionRef]
    id: str
    shown: Callable[[Execution], Mapping[str, Json]]

    def read_all(self, request: Request) -> ExecutionsIn:
        """Read which page of executions of this kind is requested: of the project in the path, or of all. Faults:
        Invalid.
        """
        project = request.parameters.get("project", "")
        page, explains = read_page(request), request.query.flag("explain")
        return ExecutionsIn(by=request.asker, kind=self.kind, page=page, project=project, explains=explains)

    def read_page(self, request: Request) -> ExecutionsOf:
        """Read which page of a definition's executions is requested. Faults: Invalid."""
        page, explains = read_page(request), request.query.flag("explain")
        return ExecutionsOf(by=request.asker, of=self.definition_of(request), page=page, explains=explains)

    def read_one(self, request: Request) -> ExecutionNamed:
        """Read which execution is requested."""
        return ExecutionNamed(by=request.asker, of=self.definition_of(request), id=request.parameters[self.id])

    def read_explained(self, request: Request) -> ExecutionNamed:
        """Read which execution is requested, and whether it is to be explained. Faults: Invalid."""
        return replace(self.read_one(request), explains=request.query.flag("explain"))

    def read_log(self, request: Request) -> ReadExecutionLog:
        """Read which part of an execution's log is requested. Faults: Invalid."""
        after = request.query.whole("after", default=0, least=0, most=10**9)
        return ReadExecutionLog(execution=self.read_one(request), after=after)

    def read_lines(self, request: Request) -> AddToLog:
        """Read lines to append to an execution's log. Faults: Invalid."""
        body = request.body(shapes.LinesBody).root
        lines = tuple(Line(text=one.text, stream=one.stream) for one in (body if isinstance(body, list) else [body]))
        return AddToLog(execution=self.read_one(request), lines=lines, seed=request.seed)

    def show_page(self, executions: Sequence[Execution]) -> Reply:
        """Show executions, newest first."""
        return json_reply([self._shown(one) for one in executions])

    def show_one(self, execution: Execution) -> Reply:
        """Show an execution."""
        return json_reply(self._shown(execution))

    def _shown(self, execution: Execution) -> dict[str, Json]:
        """Return the execution, with what holds it if that was asked for."""
        return {**self.shown(execution), **explain_field(execution.seen.explanation)}


def build_of(request: Request) -> DefinitionRef:
    """Return the build in the path."""
    held = request.parameters
    return build_ref(held["project"], held["environment"], held["build"])


def job_of(request: Request) -> DefinitionRef:
    """Return the deployment job in the path."""
    held = request.parameters
    return job_ref(held["project"], held["environment"], held["deployment"])


def read_commit(request: Request) -> ReportCommit:
    """Read the commit that a build reports. Faults: Invalid."""
    body = request.body(shapes.CommitBody)
    commit = Commit(**body.model_dump())
    return ReportCommit(origin=request.origin, execution=BUILDS.read_one(request), commit=commit)


def show_retried(seen: RunView) -> Reply:
    """Show the id of the retried execution."""
    return json_reply({"id": seen.run.id})


def show_log(chunks: Sequence[Chunk]) -> Reply:
    """Show log chunks in order."""
    return json_reply(
        [{"seq": one.seq, "at": shown_instant(one.at), "stream": one.stream, "text": one.text} for one in chunks]
    )


def show_offered_log(offered: OfferedLog) -> Reply:
    """Show where to watch a log."""
    return json_reply({"url": offered.url, "expires_at": shown_instant(offered.until)})


def show_head(head: int) -> Reply:
    """Show the seq of the last chunk."""
    return json_reply({"head": head})


def _shown_build_execution(execution: Execution) -> dict[str, Json]:
    seen = execution.seen
    build: BuildDefinition = decode(BuildDefinition, seen.plan.snapshot[DEFINITION])
    return {
        **run_fields(seen),
        "build": shown_build(build, execution.by, seen.phase),
        "commit": _shown_commit(execution),
        "release_id": seen.run.releases[-1] if seen.run.releases else "",
    }


def _shown_commit(execution: Execution) -> dict[str, Json]:
    """Return the commit that the job reported; before that, the requested one."""
    known = execution.commit
    if known is not None:
        return {
            "revision": known.revision,
            "branch": known.branch,
            "author": known.author,
            "message": known.message,
        }
    requested = _snapshot_map(execution.seen, "commit")
    return {name: str(requested.get(name, "")) for name in ("revision", "branch", "author", "message")}


def _shown_job_execution(execution: Execution) -> dict[str, Json]:
    seen = execution.seen
    job: DeploymentJob = decode(DeploymentJob, seen.plan.snapshot[DEFINITION])
    secrets = {name: str(reference) for name, reference in _snapshot_map(seen, "secrets").items()}
    inputs: dict[str, Json] = shown(_snapshot_map(seen, "inputs"), secrets)  # type: ignore[assignment]  # they were parsed from JSON
    return {
        **run_fields(seen),
        "deployment_job": shown_job(job, seen.phase),
        "action": str(seen.plan.snapshot.get("action", "")),
        "version": str(seen.plan.snapshot.get("release", "")).rpartition("-v")[2],
        "inputs": inputs,
        "outputs": _outputs(seen),
    }


def _outputs(seen: RunView) -> dict[str, Json]:
    last = seen.run.stages[-1].nodes if seen.run.stages else {}
    return {name: text for state in last.values() for name, text in state.outputs.items() if name != "release"}


def _snapshot_map(seen: RunView, name: str) -> Mapping[str, object]:
    held = seen.plan.snapshot.get(name)
    return held if isinstance(held, Mapping) else {}


BUILDS = ExecutionWords(
    kind=DefinitionKind.BUILD, definition_of=build_of, id="build_execution_id", shown=_shown_build_execution
)
JOBS = ExecutionWords(
    kind=DefinitionKind.DEPLOYMENT_JOB, definition_of=job_of, id="execution_id", shown=_shown_job_execution
)
