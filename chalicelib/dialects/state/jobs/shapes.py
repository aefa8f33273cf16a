"""Shapes of deployment jobs."""

from pydantic import JsonValue

from chalicelib.dialects.state.builds.shapes import Status
from chalicelib.http.shape import Shape


class JobBody(Shape):
    """A deployment job. deployment: by default the job's name. id, project, status: read-only.

    release: `namespace/application`. version: a version query.
    """

    name: str = ""
    environment: str | None = None
    deployment: str | None = None
    release: str = ""
    version: str = ""
    inputs: dict[str, JsonValue] | None = None
    providers: dict[str, str] | None = None
    service_account_name: str = ""
    disabled: bool = False
    id: JsonValue = None
    project: JsonValue = None
    status: JsonValue = None


class JobShape(Shape):
    """A deployment job, as answered."""

    id: str
    name: str
    project: str
    environment: str
    deployment: str
    release: str
    version: str
    inputs: dict[str, JsonValue]
    providers: dict[str, str]
    service_account_name: str
    disabled: bool
    status: Status


class TriggerJobBody(Shape):
    """The version to deploy, and inputs besides those of the job."""

    version: str = ""
    inputs: dict[str, JsonValue] | None = None


class ErrandBody(Shape):
    """The errand to run, and its inputs."""

    errand_name: str = ""
    errand_inputs: dict[str, JsonValue] | None = None
