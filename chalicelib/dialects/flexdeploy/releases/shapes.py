"""Shapes of releases."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.flexdeploy.releases.statuses import ReleaseState
from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.kernel.integer_ids import LARGEST

MOST_PROJECTS = 200


class ReleaseProjectBody(LenientCamelShape):
    """A project of a release. priority: lower ones are deployed first, equal ones side by side."""

    project_id: int = Field(le=LARGEST)
    priority: int = Field(default=1, ge=0, le=1_000_000)
    project_stream_id: int | None = Field(default=None, le=LARGEST)
    project_groups: list[str] = Field(default=[], max_length=100)


class NamedValueBody(LenientCamelShape):
    """A property."""

    name: str
    value: str = ""


class ReleaseRoleBody(LenientCamelShape):
    """A role with its members, in place of those that the pipeline gives it."""

    role_name: str
    users: list[str] = []
    groups: list[str] = []
    emails: list[str] = []


class ReleaseBody(LenientCamelShape):
    """What is said anew of a release; what is left out stays."""

    release_name: str | None = None
    description: str | None = None
    release_status: ReleaseState | None = None
    pipeline_id: int | None = Field(default=None, le=LARGEST)
    projects: list[ReleaseProjectBody] | None = Field(default=None, max_length=MOST_PROJECTS)
    timezone: str | None = None
    roles: list[ReleaseRoleBody] | None = None
    properties: list[NamedValueBody] | None = Field(default=None, max_length=1000)
    schedule_build_expression: str | None = None


class NewReleaseBody(ReleaseBody):
    """A release to plan, which cannot be over."""

    release_name: str
    release_status: Literal[ReleaseState.NOT_STARTED, ReleaseState.STARTED, ReleaseState.SUSPENDED] | None = None
    pipeline_id: int = Field(le=LARGEST)


class ReleaseListQueryShape(CamelShape):
    """By what releases are found."""

    release_name: str = ""


class ReleaseProjectShape(CamelShape):
    """A project of a release. packageName, requestAllFiles, buildEnvironmentId: of projects without packages."""

    project_id: int
    priority: int
    package_name: str | None
    request_all_files: bool
    build_environment_id: int | None
    project_stream_id: int | None
    project_groups: list[str]


class NamedValueShape(CamelShape):
    """A property."""

    name: str
    value: str


class ReleaseRoleShape(CamelShape):
    """A role with its members, in place of those that the pipeline gives it."""

    role_name: str
    users: list[str]
    groups: list[str]
    emails: list[str]


class GatedReleaseShape(CamelShape):
    """A release. pipelineId: null where it travels no pipeline of gates. startDate, endDate: in milliseconds."""

    release_id: int
    release_name: str
    release_status: str
    description: str | None
    pipeline_id: int | None
    pipeline_name: str
    start_date: int
    end_date: int | None
    timezone: str
    schedule_build_expression: str | None
    projects: list[ReleaseProjectShape]
    roles: list[ReleaseRoleShape]
    properties: list[NamedValueShape]
