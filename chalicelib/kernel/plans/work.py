"""What a node does: one record for each kind of work, a closed union. How it is done stands in use_cases."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.frozen import frozen


class JobKind(StrEnum):
    """The kinds of work that need a machine."""

    BUILD = "build"
    DEPLOY = "deploy"
    SMOKE = "smoke"
    DESTROY = "destroy"
    ERRAND = "errand"
    SCRIPT = "script"
    TASK = "task"


class DefinitionKind(StrEnum):
    """What a run is a run of."""

    BUILD = "build"
    DEPLOYMENT_JOB = "deployment-job"
    PIPELINE = "pipeline"
    TRAIN = "train"
    TASK = "task"


class VersionRule(StrEnum):
    """Which version a deploy takes, or a tag names. Source: docs/vocabulary.md."""

    DONT_UPDATE = "dont-update"
    LATEST = "latest-version"
    LAST_IN_RUN = "last-version-in-pipeline"
    HIGHEST_IN_RUN = "highest-version-in-pipeline"
    FROM_DEPLOYMENT = "version-from-deployment-job"
    TAGGED = "tagged-version"


class Qualifier(StrEnum):
    """What a test gate asks of the results."""

    ALL_PASSED = "all-passed"
    PASSED_AT_LEAST = "passed-at-least"
    FAILED_AT_MOST = "failed-at-most"
    PERCENT_PASSED_AT_LEAST = "percent-passed-at-least"


@frozen
class Approval:
    """A person of the team, or the user, says yes or no; the quorum stands in the policy."""

    team: str | None = None
    user: str | None = None
    no_self_approval: bool = False
    expires_after: timedelta | None = None


@frozen
class ManualTask:
    """A person does something by hand and says that it is done."""

    team: str | None = None
    user: str | None = None
    instructions: str = ""


@frozen
class ExternalApproval:
    """A system outside decides about a ticket."""

    system: str
    ticket: str


@frozen
class TestResults:
    """The test results that an earlier stage of this run reported meet a condition."""

    __test__ = False

    stage: str
    qualifier: Qualifier
    value: float = 0


@frozen
class Schedule:
    """Opens at the next fire of a Quartz cron after it began. cron: several joined by `;`. timezone: IANA."""

    cron: str
    timezone: str = "UTC"


@frozen
class Wait:
    """Opens a while after it began, or at an instant: exactly one of the two."""

    duration: timedelta | None = None
    until: datetime | None = None


@frozen
class Job:
    """Something that a runner of the pool does. ask: what it needs to know, as the job's kind defines it."""

    kind: JobKind
    pool: str = "default"
    ask: Mapping[str, object] = field(default_factory=dict)


@frozen
class RunDefinition:
    """A run of a definition, as a child; wait: the node ends with the child, in its outcome.

    action: deploy, smoke, destroy or errand for a deployment job.
    version: which version a deploy takes; of_environment and of_deployment, or tag, say of what.
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
    wait: bool = True


@frozen
class CallWebhook:
    """An HTTP POST to somebody else's address."""

    url: str


@frozen
class TagRelease:
    """Writes a tag on a release of an application."""

    namespace: str
    application: str
    tag: str
    version: VersionRule = VersionRule.LAST_IN_RUN
    tagged: str = ""


@frozen
class Notify:
    """A message to people."""

    subject: str
    message: str = ""
    to: tuple[str, ...] = ()


@frozen
class Group:
    """Holds the nodes that name it; ends when they have ended."""


@frozen
class Noop:
    """Does nothing, by the way that all work goes."""


GateWork = Approval | ManualTask | ExternalApproval | TestResults | Schedule | Wait
"""What a gate may do: nothing that runs anywhere, so that a closed gate has nothing to stop."""

ExternalWork = Job | RunDefinition | CallWebhook | TagRelease | Notify | Noop
"""What is asked of somebody by an effect and acknowledged by an event."""

Work = GateWork | ExternalWork | Group
