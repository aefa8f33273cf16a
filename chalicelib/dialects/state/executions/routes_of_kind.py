"""Rows that executions of builds, deployment jobs and pipelines share."""

from chalicelib.dialects.state import shapes as state_shapes
from chalicelib.dialects.state.executions import shapes, words
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.answers.explanation import ExplainQuery
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WORK, PROJECT_WRITE
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    get_execution,
    list_executions,
    list_executions_in,
    retry_execution,
)
from chalicelib.use_cases.logs.execution_logs import append_to_log, read_execution_log
from chalicelib.use_cases.logs.watch_log import offer_log
from slipway_formats.frozen import frozen


@frozen
class ExecutionRows:
    """What the routes of executions of one kind of definition need.

    name: the kind, such as `build`. root: path of its lists. definition, execution: path of one definition, of one
    execution. answer, answers: response schema of one execution, of a page. note: added to the summary of one.
    """

    group: Group
    words: words.ExecutionWords
    name: str
    root: str
    project: str
    definition: str
    execution: str
    answer: type[object]
    answers: type[object]
    note: str = ""
    retry: str = "Have an ended execution done again."


def list_rows(of: ExecutionRows) -> tuple[Operation, ...]:
    """Rows that list executions: all that the caller may read, those of a project, those of a definition."""
    operation, read, name = of.group.operation, of.words, of.name
    return (
        operation(
            f"GET {of.root}/executions/",
            f"Executions of {name}s that the caller may read, newest first.",
            AUTHENTICATED,
            Handling(read.read_all, list_executions_in, read.show_page),
            schema=Schema(query=shapes.ExecutionsQuery, answer=of.answers),
        ),
        operation(
            f"GET {of.project}/executions/",
            f"Executions of a project's {name}s, newest first.",
            PROJECT_READ,
            Handling(read.read_all, list_executions_in, read.show_page),
            schema=Schema(query=shapes.ExecutionsQuery, answer=of.answers),
        ),
        operation(
            f"GET {of.definition}/executions/",
            f"A {name}'s executions, newest first.",
            PROJECT_READ,
            Handling(read.read_page, list_executions, read.show_page),
            schema=Schema(query=shapes.ExecutionsQuery, answer=of.answers),
        ),
    )


def one_rows(of: ExecutionRows) -> tuple[Operation, ...]:
    """Rows that get, cancel and retry an execution."""
    operation, read = of.group.operation, of.words
    return (
        operation(
            f"GET {of.execution}/",
            f"An execution of a {of.name}{of.note}; with `?explain=true` also what holds it.",
            PROJECT_READ,
            Handling(read.read_explained, get_execution, read.show_one),
            schema=Schema(query=ExplainQuery, answer=of.answer),
        ),
        operation(
            f"POST {of.execution}/cancel",
            "Have an execution stop.",
            PROJECT_WRITE,
            Handling(read.read_one, cancel_execution, show_nothing),
        ),
        operation(
            f"POST {of.execution}/retry",
            of.retry,
            PROJECT_WRITE,
            Handling(read.read_one, retry_execution, words.show_retried),
            schema=Schema(answer=state_shapes.ExecutionID),
        ),
    )


def log_rows(of: ExecutionRows) -> tuple[Operation, ...]:
    """Rows that read, watch and append to the log of an execution."""
    operation, read = of.group.operation, of.words
    return (
        operation(
            f"GET {of.execution}/logs",
            "The log of an execution from `?after=` on.",
            PROJECT_READ,
            Handling(read.read_log, read_execution_log, words.show_log),
            schema=Schema(query=shapes.LogQuery, answer=list[shapes.ChunkShape]),
        ),
        operation(
            f"GET {of.execution}/logs_ws",
            "Where to watch the log of an execution from `?after=` on, by WebSocket, once and soon.",
            PROJECT_READ,
            Handling(read.read_log, offer_log, words.show_offered_log),
            schema=Schema(query=shapes.LogQuery, answer=shapes.OfferedLogShape),
            flags=frozenset({Flag.CHANGES}),
        ),
        operation(
            f"POST {of.execution}/logs",
            "Add to the log of an execution.",
            PROJECT_WORK,
            Handling(read.read_lines, append_to_log, words.show_head),
            schema=Schema(body=shapes.LinesBody, answer=shapes.LogHeadShape),
        ),
    )
