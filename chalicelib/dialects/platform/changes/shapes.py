"""Shapes of change sets."""

from typing import Literal

from chalicelib.http.shape import Shape

KIND = Literal["added", "removed", "changed"]


class ValueShape(Shape):
    """An input, or a provider, that differs. old, new: null where it is not given, and of a secret."""

    name: str
    kind: KIND
    secret: bool
    old: object = None
    new: object = None


class ChangeCommitShape(Shape):
    """A release between the two, with its commit."""

    version: str
    revision: str
    branch: str
    message: str
    author: str
    by: str
    at: str


class FileShape(Shape):
    """A file of the release that differs."""

    path: str
    kind: KIND


class DeploymentChangeShape(Shape):
    """What is done to a deployment. old, new: versions, null for none. reason: why the release cannot be told.

    commits, files: between the two, newest first; null where they were not asked for, or may not be read. back: the
    new one is older, and these commits go. cut: there are more than are listed.
    """

    project: str
    environment: str
    deployment: str
    action: str
    application: str
    old: str | None
    new: str | None
    reason: str
    inputs: list[ValueShape]
    providers: list[ValueShape]
    commits: list[ChangeCommitShape] | None
    files: list[FileShape] | None
    back: bool
    cut: bool


class ChangeStepShape(Shape):
    """A step to come, or one that is no more. change: null where it is as it was. fields: what of it differs."""

    name: str
    does: str
    change: KIND | None
    fields: list[str]


class ChangesShape(Shape):
    """A change set. digest: its SHA-256, also of what is not shown. since: the run with whose steps these compare."""

    digest: str
    deployments: list[DeploymentChangeShape]
    steps: list[ChangeStepShape]
    since: str | None
