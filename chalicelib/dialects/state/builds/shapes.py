"""Shapes of builds."""

from typing import Literal

from pydantic import Field, JsonValue

from chalicelib.http.shape import Shape

Status = Literal["new", "pending", "running", "ok", "failed"]


class BuildStepShape(Shape):
    """A step of a build: one Escape plan, built, tested and pushed unless fields say otherwise."""

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
    variables: dict[str, JsonValue] | None = None


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
    skip_ci: bool = True
    id: JsonValue = None
    project: JsonValue = None
    environment: JsonValue = None
    status: JsonValue = None
    webhook_token: JsonValue = None


class BuildShape(Shape):
    """A build as it is shown. webhook_token: to writers only. skip_ci: shown where it is false."""

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
    skip_ci: bool = True
    webhook_token: str = ""


class TriggerBuildBody(Shape):
    """The branch or commit to build, in place of the build's own."""

    branch: str = ""
    commit: str = ""
