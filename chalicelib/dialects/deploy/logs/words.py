"""Read which log is requested, and show it."""

from chalicelib.dialects.deploy.words import TASK, id_in
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.logs.task_log import ReadTaskLog, TaskLog
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.workloads.tasks import TaskNamed


def read_query(request: Request) -> ReadTaskLog:
    """Read of which task the log is requested, of which pod, and from where on."""
    task = TaskNamed(by=request.asker, id=id_in(request, "id", TASK))
    after = request.query.whole("after", default=0, least=0, most=10**9)
    return ReadTaskLog(task=task, pod=request.query.text("pod") or "", after=after)


def show_log(log: TaskLog) -> Reply:
    """Show a log in order."""
    return json_reply({"chunks": [_chunk(one) for one in log.chunks], "next": log.head})


def _chunk(chunk: Chunk) -> Json:
    return {"seq": chunk.seq, "at": chunk.at.isoformat(), "stream": chunk.stream, "text": chunk.text}
