"""Forget trains, and variables with the secrets among them: when their project or run is removed."""

from collections.abc import Collection

from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.trains.scopes import of_application, of_deployment, of_snapshot, of_train
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.installation.forget_variables import forget_variables, forget_with_joint
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.lists import all_snapshots


def forget_train(ports: Ports, train: Train) -> None:
    """Delete a train with its snapshots and all their variables; it can be interrupted and repeated."""
    snapshots = (of_snapshot(one.id) for one in all_snapshots(ports, train.id))
    forget_variables(ports, (of_application(train.project, train.application), of_train(train.id), *snapshots))
    ports.trains.forget(train)


def forget_deployments(ports: Ports, plan: Plan) -> None:
    """Delete the variables that were given to the deployments of a run."""
    if plan.travels is not None:
        forget_variables(ports, [of_deployment(plan.id, stage.key) for stage in plan.stages])


def forget_applications(ports: Ports, project: str, names: Collection[str]) -> None:
    """Delete the variables of applications of a project, also those that they have jointly with something else."""
    forget_with_joint(ports, [of_application(project, name) for name in names])
