"""A change set: what somebody lets into environments by a decision, against what is there; and its digest."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.changes.canonical import digest_of
from chalicelib.kernel.changes.steps import StepChange
from chalicelib.kernel.changes.values import Difference, ValueChange
from chalicelib.kernel.codec import encode
from chalicelib.kernel.plans.work import JobKind
from slipway_formats.frozen import frozen


@frozen
class Commit:
    """A release between the one there and the one to come, both ends but the older one, with its commit."""

    version: str
    revision: str
    branch: str
    message: str
    author: str
    by: str
    at: datetime


@frozen
class FileChange:
    """A file of a release that differs."""

    path: str
    kind: Difference


@frozen
class Between:
    """What lies between two releases, newest first. is_back: the one to come is older: these commits go.

    is_cut: there are more commits, or more files, than are listed.
    """

    commits: tuple[Commit, ...] = ()
    files: tuple[FileChange, ...] = ()
    is_back: bool = False
    is_cut: bool = False


@frozen
class DeploymentChange:
    """What is done to one deployment. application: `namespace/application`. old, new: versions; empty for none.

    reason: why the release to come cannot be named. given: mark of all that it is given. between: None until it was
    looked up, and where it may not be read.
    """

    project: str
    environment: str
    deployment: str
    action: JobKind = JobKind.DEPLOY
    application: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    inputs: tuple[ValueChange, ...] = ()
    providers: tuple[ValueChange, ...] = ()
    given: str = ""
    between: Between | None = None


@frozen
class ChangeSet:
    """The deployments that change, and the steps that do it, with those that were otherwise when it was done last.

    since: the run with whose steps these are compared; empty for none.
    """

    deployments: tuple[DeploymentChange, ...] = ()
    steps: tuple[StepChange, ...] = ()
    since: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its canonical form.

        What lies between two releases follows from these, and is no part of it; nor is what steps were before.
        """
        return digest_of(
            {
                "deployments": [_plain(one) for one in self.deployments],
                "steps": [[one.name, one.mark] for one in self.steps if one.mark],
            }
        )


def _plain(change: DeploymentChange) -> object:
    """Return a change as plain JSON values, without what lies between the releases."""
    return encode(DeploymentChange, replace(change, between=None) if change.between is not None else change)
