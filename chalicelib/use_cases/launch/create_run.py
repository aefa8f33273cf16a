"""A run made by another run, or by a trigger: stored now, begun by the queue, so that runs do not call one another."""

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports


def create_run(ports: Ports, plan: Plan) -> str:
    """The id of the plan's run, which begins soon. Creating it again changes nothing."""
    ports.runs.create(new_run(plan), plan)
    ports.queue.go_on(plan.id, key=f"{plan.id}/begin")
    return plan.id
