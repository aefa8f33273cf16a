"""Bodies about builds and their executions."""

from typing import Literal

from pydantic import Field, JsonValue, RootModel

from chalicelib.http.shape import Shape

Status = Literal["new", "pending", "running", "ok", "failed"]


class BuildStepShape(Shape):
    """One Escape plan to be built. What is left out has the defaults of a whole release."""

    build_on_file_changes: list[str] | None = None
    cache_release: bool = True
    fat_package: bool = False
    force_overwrite: bool = False
    ignore_file_changes: list[str] | None = None
    override_namespace: str = ""
    plan_location: str = ""
    providers: dict[str, str] | None = None
    push_release: bool = True
    run_build: bool = True
    run_deploy: bool = True
    run_destroy: bool = True
    run_destroy_build: bool = True
    run_destroy_deploy: bool = True
    run_smoke: bool = True
    run_tests: bool = True
    skip_if_exists: bool = False
    tag_git: bool = False
    variables: dict[str, str] | None = None


class BuildBody(Shape):
    """A build. id, project, environment, status, webhook_token: read-only. Secrets are never shown."""

    name: str = ""
    repo: str = ""
    branch: str = ""
    disabled: bool = False
    steps: list[BuildStepShape] | None = Field(default=None, max_length=200)
    steps_from_yml: bool = False
    private_key: str | None = None
    update_private_key: bool = False
    escape_auth_token: str | None = None
    remote_escape_worker_url: str = ""
    service_account_name: str = ""
    service_account_team: str = ""
    id: JsonValue = None
    project: JsonValue = None
    environment: JsonValue = None
    status: JsonValue = None
    webhook_token: JsonValue = None


class BuildShape(Shape):
    """A build as it is shown. webhook_token: to writers only."""

    id: str
    project: str
    environment: str
    name: str
    repo: str
    branch: str
    disabled: bool
    steps: list[BuildStepShape]
    steps_from_yml: bool
    remote_escape_worker_url: str
    service_account_name: str
    service_account_team: str
    status: Status
    webhook_token: str = ""


class TriggerBuildBody(Shape):
    """Which branch or commit is to be built, where it is not the build's own."""

    branch: str = ""
    commit: str = ""


class CommitBody(Shape):
    """What an execution is made from."""

    revision: str = Field(min_length=1, max_length=100)
    branch: str = Field(default="", max_length=300)
    author: str = Field(default="", max_length=300)
    message: str = Field(default="", max_length=2000)


class CommitShape(Shape):
    """What was built from."""

    revision: str = ""
    branch: str = ""
    author: str = ""
    message: str = ""


class BuildExecutionShape(Shape):
    """A run of a build, which stands as it was when the run began."""

    id: str
    run_nr: int
    status: Status
    reason: str
    started_at: str | None
    finished_at: str | None
    started_by: str
    build: BuildShape
    commit: CommitShape
    release_id: str


class ExecutionID(Shape):
    """Which execution it is."""

    id: str


class Heard(Shape):
    """The execution that a webhook began, or why it began none."""

    id: str = ""
    skipped: str = ""


class LineBody(Shape):
    """Something to be added to a log."""

    text: str = Field(max_length=100_000)
    stream: Literal["out", "err", "note"] = "out"


class LinesBody(RootModel[LineBody | list[LineBody]]):
    """One such thing, or several in order."""


class ChunkShape(Shape):
    """A piece of a log."""

    seq: int
    at: str
    stream: str
    text: str


class OfferedLogShape(Shape):
    """Where a log can be watched, once. expires_at: until then it must be opened."""

    url: str
    expires_at: str


class HeadShape(Shape):
    """The seq of the last piece of a log."""

    head: int
