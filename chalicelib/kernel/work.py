"""What a node does: one record for each kind of work, a closed union. How it is done stands in use_cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person of the team, or the user, says yes or no; the quorum stands in the policy."""

    team: str | None = None
    user: str | None = None
    no_self_approval: bool = False
    expires_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualTask:
    """A person does something by hand and says that it is done."""

    team: str | None = None
    user: str | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalApproval:
    """A system outside decides about a ticket."""

    system: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResults:
    """The test results that an earlier stage of this run reported meet a condition."""

    __test__ = False

    stage: str
    qualifier: Qualifier
    value: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Opens at the next fire of a Quartz cron after it began. cron: several joined by `;`. timezone: IANA."""

    cron: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Opens a while after it began, or at an instant: exactly one of the two."""

    duration: timedelta | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that a runner of the pool does. ask: what it needs to know, as the job's kind defines it."""

    kind: JobKind
    pool: str = "default"
    ask: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWebhook:
    """An HTTP POST to somebody else's address."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRelease:
    """Writes a tag on a release of an application."""

    namespace: str
    application: str
    tag: str
    version: VersionRule = VersionRule.LAST_IN_RUN
    tagged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """A message to people."""

    subject: str
    message: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Holds the nodes that name it; ends when they have ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noop:
    """Does nothing, by the way that all work goes."""


Gatework = Approval | ManualTask | ExternalApproval | TestResults | Schedule | Wait
"""What a gate may do: nothing that runs anywhere, so that a closed gate has nothing to stop."""

Asked = Job | RunDefinition | CallWebhook | TagRelease | Notify | Noop
"""What is asked of somebody by an effect and acknowledged by an event."""

Work = Gatework | Asked | Group
