"""What is in an environment now, as one request reads it: what it asks for twice is read once."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from typing import TypeVar, cast

from chalicelib.kernel.changes.values import Given
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment, deployed, running_version
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

T = TypeVar("T")

MOST_CHANGES = 50
"""Changes of a deployment, the newest, among which the last deploy is looked for."""


@frozen
class Place:
    """A deployment in an environment of a project."""

    project: str
    environment: str
    deployment: str


@frozen
class There:
    """What is deployed now. application: `namespace/application`. version: empty for none.

    given: what it was given when it was deployed. plan: of the run that did it.
    """

    application: str = ""
    version: str = ""
    given: Given = Given()
    providers: Mapping[str, object] = field(default_factory=dict)
    run: str = ""
    plan: Plan | None = None


@frozen
class Reading:
    """The ports of one request, with what it has read of what is where."""

    ports: Ports
    known: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what is read under a key, which is read once. key: of things of this type alone."""
        if key not in self.known:
            self.known[key] = read()
        return cast("T", self.known[key])

    def there(self, place: Place) -> There:
        """Return what is at a place now."""
        return self.once(place, lambda: _there(self, place))

    def plan(self, run: str) -> Plan | None:
        """Return the plan of a run; None if it is gone."""
        return self.once(("plan", run), lambda: _plan_of(self.ports, run))


def _there(reading: Reading, place: Place) -> There:
    ports = reading.ports
    found = ports.deployments.find_deployment(place.project, place.environment, place.deployment)
    if found is None or found.state is None:
        return There()
    stage, last = deployed(found.state), last_deploy(ports, found)
    plan = reading.plan(last.run) if last is not None and last.run else None
    # What its runner has written of the state holds defaults too, which nobody gave.
    inputs = last.inputs if last is not None else stage.inputs if stage is not None else {}
    held = plan.snapshot.get("secrets") if plan is not None else None
    secrets = {str(name): str(one) for name, one in held.items()} if isinstance(held, Mapping) else {}
    return There(
        application=found.state.release,
        version=running_version(found.state) or "",
        given=Given(plain=inputs, secrets=secrets, hidden=(stage.sensitive or ()) if stage is not None else ()),
        providers=dict(last.providers) if last is not None else {},
        run=last.run if last is not None else "",
        plan=plan,
    )


def last_deploy(ports: Ports, deployment: Deployment) -> Change | None:
    """Return the change by which a job deployed last, well or not, if it is among the newest."""
    history = ports.deployments.history(deployment, Page(size=MOST_CHANGES))
    return next((change for change in history if change.action is JobKind.DEPLOY), None)


def _plan_of(ports: Ports, run: str) -> Plan | None:
    try:
        return ports.runs.plan(ports.runs.run(run).plan)
    except NotFound:
        return None
