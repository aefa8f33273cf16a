"""The scopes of the variables of an application, a train, a snapshot and a deployment."""

from chalicelib.kernel.trains.variables import Scope, ScopeKind


def of_application(project: str, application: str) -> Scope:
    """The scope of an application's variables."""
    return Scope(kind=ScopeKind.APPLICATION, place=f"{project}/{application}")


def of_train(train: int) -> Scope:
    """The scope of a train's variables."""
    return Scope(kind=ScopeKind.TRAIN, place=str(train))


def of_snapshot(snapshot: int) -> Scope:
    """The scope of a snapshot's variables."""
    return Scope(kind=ScopeKind.SNAPSHOT, place=str(snapshot))


def of_deployment(run: str, stage: str) -> Scope:
    """The scope of the variables of a deployment. stage: its key in the run's plan."""
    return Scope(kind=ScopeKind.DEPLOYMENT, place=f"{run}/{stage}")
