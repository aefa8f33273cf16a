"""A pipeline whose stages are environments with gates and ordered steps: FlexDeploy's own.

What a run does of it: settings.py. Environments and projects are known by their integer ids, gates and steps by their
names.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.plans.work import Qualifier
from chalicelib.kernel.trains.role import PipelineRole
from slipway_formats.frozen import frozen


class GatedGateType(StrEnum):
    """The types of a gate, as its documents write them."""

    APPROVAL = "STAGE_APPROVAL_GATE"
    SCHEDULED = "STAGE_SCHEDULED_GATE"
    EXTERNAL_APPROVAL = "STAGE_EXT_APPROVAL_GATE"
    TEST = "STAGE_TEST_GATE"


class GatedStepType(StrEnum):
    """The types of a step, as its documents write them."""

    DEPLOY = "STAGE_DEPLOY_STEP"
    DEPLOY_ALL = "STAGE_DEPLOY_ALL_STEP"
    UTILITY = "STAGE_UTILITY_WF_STEP"
    UTILITY_ALL = "STAGE_EXEC_ALL_UTILITY_STEP"
    EXECUTE_ALL = "STAGE_EXECUTE_ALL_STEP"
    TEST = "STAGE_TEST_STEP"
    TEST_ALL = "STAGE_TEST_ALL_STEP"
    MANUAL = "STAGE_MANUAL_STEP"
    WAIT = "STAGE_WAIT_STEP"
    SCHEDULED = "STAGE_SCHEDULED_STEP"
    NOTIFICATION = "STAGE_NOTIFICATION_STEP"
    GROUP = "STAGE_GROUP_STEP"


OF_ONE_PROJECT = frozenset({GatedStepType.DEPLOY, GatedStepType.UTILITY, GatedStepType.TEST})
"""Types of a step that is for the project which it names."""

OF_ALL_PROJECTS = frozenset(
    {GatedStepType.DEPLOY_ALL, GatedStepType.UTILITY_ALL, GatedStepType.EXECUTE_ALL, GatedStepType.TEST_ALL}
)
"""Types of a step that is for every project of the train, in order of priority."""


@frozen
class GatedGate:
    """A gate. role: of those who decide, or override; empty for administrators. timezone: empty for the train's.

    all_groups: each group of the role must approve. environment: id of the stage whose tests count.
    """

    name: str
    type: GatedGateType
    description: str = ""
    role: str = ""
    cron: str = ""
    timezone: str = ""
    precondition: str = ""
    quorum: int = 1
    no_self_approval: bool = False
    all_groups: bool = False
    system: str = ""
    ticket: str = ""
    environment: int | None = None
    qualifier: Qualifier = Qualifier.ALL_PASSED
    value: float = 0


@frozen
class GatedStep:
    """A step. order: unlike a key it may be that of several, which run side by side. steps: those of a group.

    roles: to whom a notification goes. include, exclude: groups of projects. continues: its failure counts as success.
    notifies: tells everybody in a role of the pipeline how it ended. minutes: that a task is thought to take.
    """

    name: str
    type: GatedStepType
    order: float
    description: str = ""
    role: str = ""
    roles: tuple[str, ...] = ()
    cron: str = ""
    timezone: str = ""
    seconds: int | None = None
    until: datetime | None = None
    project: int | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    continues: bool = False
    notifies: bool = False
    precondition: str = ""
    subject: str = ""
    message: str = ""
    minutes: int | None = None
    steps: tuple["GatedStep", ...] = ()


@frozen
class GatedStage:
    """A stage: gates in order, then steps. environment: its id, which is in a pipeline once."""

    environment: int
    order: float
    gates: tuple[GatedGate, ...] = ()
    steps: tuple[GatedStep, ...] = ()


@frozen
class GatedPipeline:
    """A pipeline: stages in order. groups: names by which steps include and exclude projects."""

    stages: tuple[GatedStage, ...] = ()
    roles: tuple[PipelineRole, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
