"""What the ids and names of a pipeline of gates mean for one snapshot, and the keys of what it has in plans.

Keys follow from environments and names, not from places: so a run finds in a later version of its pipeline what it has
begun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from hashlib import sha256

from chalicelib.kernel.definitions.gated.pipeline import GatedPipeline, GatedStage, GatedStep
from chalicelib.kernel.trains.role import PipelineRole
from chalicelib.kernel.trains.stage_information import StageInformation, Treatment
from slipway_formats.frozen import frozen

DIGITS = 16


@frozen
class StageEnvironment:
    """The environment of a stage. name: of its places in projects."""

    name: str
    code: str
    title: str


@frozen
class Carried:
    """A project whose version a snapshot carries. id: of its application. lower priorities go first.

    version: what is deployed. state_version: as State calls it. groups: by which steps include or exclude it.
    build: the script that builds the version before the snapshot travels; None where it is there. deploy, utility,
    test: the scripts that do so; None where there is none: then its deployment job deploys and tests it. inputs: of
    these and of the job. treatment: in one stage.
    """

    id: int
    project: str
    application: str
    title: str = ""
    priority: int = 1
    version: str = ""
    state_version: str = ""
    groups: tuple[str, ...] = ()
    build: str | None = None
    deploy: str | None = None
    utility: str | None = None
    test: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    treatment: Treatment = Treatment.USUAL


@frozen
class Surroundings:
    """What a pipeline finds around a snapshot. environments: by id. carried: what the snapshot has.

    roles: of the train, which stand before those of the pipeline. timezone: of crons that say none. information: of
    stages, for the snapshot.
    """

    environments: Mapping[int, StageEnvironment] = field(default_factory=dict)
    carried: tuple[Carried, ...] = ()
    roles: tuple[PipelineRole, ...] = ()
    timezone: str = "UTC"
    information: tuple[StageInformation, ...] = ()

    def in_stage(self, environment: int) -> "Surroundings":
        """Return what one stage finds: the projects with what is said of them there."""
        return replace(self, carried=tuple(_informed(one, self.of_stage(environment)) for one in self.carried))

    def of_stage(self, environment: int) -> StageInformation:
        """Return what is said of a stage."""
        found = (one for one in self.information if one.environment == environment)
        return next(found, StageInformation(environment=environment))


def _informed(carried: Carried, said: StageInformation) -> Carried:
    own = said.of(carried.id)
    return replace(carried, inputs=own.inputs, treatment=own.treatment)


@frozen
class Scope:
    """A pipeline with its surroundings."""

    pipeline: GatedPipeline
    around: Surroundings

    def role(self, name: str) -> PipelineRole:
        """Return the role of a name with its members: those that the train says, else those of the pipeline."""
        known = (*self.around.roles, *self.pipeline.roles)
        return next((one for one in known if one.name == name), PipelineRole(name=name))

    def addresses(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Return to whom something for these roles goes, as a notification step names them."""
        members = [self.role(name) for name in roles]
        users = [f"{USER}{user}" for role in members for user in role.users]
        groups = [f"{GROUP}{group}" for role in members for group in role.groups]
        emails = [email for role in members for email in role.emails]
        return tuple(dict.fromkeys((*users, *groups, *emails)))


USER = "user:"
GROUP = "group:"
"""Before the names of users and groups among mail addresses."""


def in_order(pipeline: GatedPipeline) -> Sequence[GatedStage]:
    """Return the stages in the order in which they are travelled."""
    return sorted(pipeline.stages, key=lambda stage: stage.order)


def stage_key_of(environment: int) -> str:
    """Return the key of the stage of an environment."""
    return f"e{environment}"


def gate_keys(stage: GatedStage) -> Sequence[str]:
    """Return the keys of a stage's gates, in order."""
    return _keys("g", [gate.name for gate in stage.gates])


def step_keys(steps: Sequence[GatedStep], group: str = "") -> Sequence[str]:
    """Return the keys of the steps of a stage, or of those of a group. group: its key."""
    return _keys("s", [step.name for step in steps], group)


def _keys(kind: str, names: Sequence[str], group: str = "") -> Sequence[str]:
    """Return a key for each name, of equal ones another each."""
    counted = [(name, names[:place].count(name)) for place, name in enumerate(names)]
    return [f"{kind}{sha256(f'{group}/{count}/{name}'.encode()).hexdigest()[:DIGITS]}" for name, count in counted]
