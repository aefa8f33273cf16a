"""The kinds of work that a node can do, a closed union. How each is performed: use_cases/effects/perform_steps.py."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from slipway_formats.frozen import frozen


class JobKind(StrEnum):
    """Kinds of work that run on a runner."""

    BUILD = "build"
    DEPLOY = "deploy"
    SMOKE = "smoke"
    DESTROY = "destroy"
    ERRAND = "errand"
    SCRIPT = "script"
    TASK = "task"
    LOAD = "load"


class DefinitionKind(StrEnum):
    """Kinds of definition that can be run."""

    BUILD = "build"
    DEPLOYMENT_JOB = "deployment-job"
    PIPELINE = "pipeline"
    TRAIN = "train"
    TASK = "task"
    TASK_PIPELINE = "task-pipeline"
    LOAD = "load"


class VersionRule(StrEnum):
    """How a deploy step or a tag chooses its version. Source: docs/vocabulary.md."""

    DONT_UPDATE = "dont-update"
    LATEST = "latest-version"
    LAST_IN_RUN = "last-version-in-pipeline"
    HIGHEST_IN_RUN = "highest-version-in-pipeline"
    FROM_DEPLOYMENT = "version-from-deployment-job"
    TAGGED = "tagged-version"


class Qualifier(StrEnum):
    """The condition of a test gate."""

    ALL_PASSED = "all-passed"
    PASSED_AT_LEAST = "passed-at-least"
    FAILED_AT_MOST = "failed-at-most"
    PERCENT_PASSED_AT_LEAST = "percent-passed-at-least"


@frozen
class Approval:
    """Wait for approval by a member of the team, or by the user. Quorum: Policy."""

    team: str | None = None
    user: str | None = None
    no_self_approval: bool = False
    expires_after: timedelta | None = None


@frozen
class ManualTask:
    """Wait until a person has done a task by hand and confirms it."""

    team: str | None = None
    user: str | None = None
    instructions: str = ""


@frozen
class Ticket:
    """A ticket of an external system."""

    system: str
    id: str


@frozen
class ExternalApproval:
    """Wait until an external system has approved a ticket, or rejected it. others: that must be approved as well."""

    system: str
    ticket: str
    others: tuple[Ticket, ...] = ()

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """Return all tickets."""
        return (Ticket(system=self.system, id=self.ticket), *self.others)


@frozen
class TestResults:
    """Wait for test results of an earlier stage of this run, and compare them with a condition."""

    __test__ = False

    stage: str
    qualifier: Qualifier
    value: float = 0


@frozen
class Schedule:
    """Wait for the next fire of a Quartz cron. cron: several are joined by `;`. timezone: IANA name."""

    cron: str
    timezone: str = "UTC"


@frozen
class Window:
    """A time in which something is open: from each fire of a Quartz cron until the next fire of another."""

    opens: str
    closes: str
    timezone: str = "UTC"


@frozen
class Windows:
    """Wait until one of these windows is open. Asked again before the steps of the stage begin, and before each."""

    any_of: tuple[Window, ...]


@frozen
class Wait:
    """Wait for a duration, or until an instant: exactly one of the two is given."""

    duration: timedelta | None = None
    until: datetime | None = None


@frozen
class Job:
    """Run a job on a runner of a pool. ask: the job's parameters, depending on its kind.

    environment: where a snapshot's script goes, if not where its stage does.
    """

    kind: JobKind
    pool: str = "default"
    environment: str = ""
    ask: Mapping[str, object] = field(default_factory=dict)


@frozen
class RunDefinition:
    """Start a child run of a definition. wait: the node ends with the child run, with its outcome.

    action: for a deployment job: deploy, smoke, destroy or errand. version: how a deploy chooses its version;
    of_environment and of_deployment, or tag, are the arguments of the rule. secrets: names of the secrets of inputs.
    """

    kind: DefinitionKind
    project: str
    environment: str = ""
    name: str
    action: JobKind | None = None
    version: VersionRule = VersionRule.DONT_UPDATE
    of_environment: str = ""
    of_deployment: str = ""
    tag: str = ""
    errand: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    wait: bool = True


@frozen
class CallWebhook:
    """Send an HTTP POST to an external address. url: as it is shown. secret: holds the whole one, if that is more."""

    url: str
    secret: str = ""


@frozen
class TagRelease:
    """Tag a release of an application."""

    namespace: str
    application: str
    tag: str
    version: VersionRule = VersionRule.LAST_IN_RUN
    tagged: str = ""


@frozen
class Notify:
    """Send a message to people."""

    subject: str
    message: str = ""
    to: tuple[str, ...] = ()


@frozen
class Group:
    """Contains the steps that name it as their group; ends when all of them have ended."""


@frozen
class Impossible:
    """What cannot be done, as the definition was made: fails at once. reason: why."""

    reason: str


@frozen
class Noop:
    """Do nothing, but start and finish as any other work."""


GateWork = Approval | ManualTask | ExternalApproval | TestResults | Schedule | Windows | Wait
"""The kinds of work that a gate may do. None of them runs anywhere, so a gate has nothing to stop."""

ExternalWork = Job | RunDefinition | CallWebhook | TagRelease | Notify | Impossible | Noop
"""The kinds of work done outside the engine: started by an effect, acknowledged by an event."""

Work = GateWork | ExternalWork | Group
