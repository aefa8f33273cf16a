"""What all nouns of the Deploy API share: instants, ids with their prefixes, fields of a source."""

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.installation.code_sources import SourcePlace

TASK, PIPELINE, WORK = "tsk_", "ppl_", "wrk_"
"""Before ids of tasks, task pipelines and loads of configurations."""

LONGEST_ID = 300


def id_in(request: Request, name: str, prefix: str) -> str:
    """Return an id of the path without its prefix. Faults: NotFound for what is never one."""
    text = request.parameters[name].removeprefix(prefix)
    if not text or not text.isascii() or not text.isprintable() or len(text) > LONGEST_ID:
        raise NotFound(f"no {name} {text[:60]}")
    return text


def source_in(request: Request, fields: Mapping[str, str]) -> SourcePlace:
    """Return the directory that the path names, with the branch of the fields."""
    parameters = request.parameters
    return SourcePlace(
        repository=parameters["repository"], directory=parameters["directory"], branch=fields.get("branch", "")
    )


def read_caller(request: Request) -> Principal:
    """Return the caller."""
    return request.asker


def instant(at: datetime | None) -> str | None:
    """Return an instant in ISO 8601, in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
