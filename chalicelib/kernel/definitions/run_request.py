"""With what a definition is made into a plan: who asked, when, under which id and number. Compilers read it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from hashlib import sha256

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.plans.plan import DefinitionRef, Parent, Plan, Stage, Train
from slipway_formats.frozen import frozen

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's digits, in which ids are written so that they sort by time."""

TIME_DIGITS = 10
DICE_DIGITS = 16


@frozen
class Beginning:
    """Who starts a run, under which id, and why.

    trigger: `request`, `webhook`, `pipeline`, `build` or `deployment-job`. account: the service account of whoever
    starts it, for definitions that name none. begun_by: as in a plan. train: whose snapshot travels, with its number;
    without one a run is in line with the other runs of its definition.
    """

    id: str
    by: str
    trigger: str = "request"
    parent: Parent | None = None
    inputs: Mapping[str, object] = field(default_factory=dict)
    account: str = ""
    begun_by: tuple[str, ...] = ()
    train: Train | None = None


@frozen
class RunRequest:
    """A request for a run. secret: unguessable, the confirmation codes of the run are derived from it."""

    beginning: Beginning
    number: int
    at: datetime
    secret: str


def plan_of(
    definition: DefinitionRef, ask: RunRequest, stages: tuple[Stage, ...], snapshot: Mapping[str, object]
) -> Plan:
    """Return the plan of the requested run. snapshot: the part of the definition that the plan keeps."""
    beginning = ask.beginning
    return Plan(
        id=beginning.id,
        definition=definition,
        number=ask.number,
        started_by=beginning.by,
        created_at=ask.at,
        stages=stages,
        parent=beginning.parent,
        trigger=beginning.trigger,
        begun_by=beginning.begun_by,
        inputs=beginning.inputs,
        snapshot=snapshot,
    )


def begun_as(plan: Plan) -> tuple[str, ...]:
    """Everybody who counts as having begun a run; of one from before this was kept, the user whom it names."""
    return plan.begun_by or (owner_key(PrincipalKind.USER, plan.started_by),)


def child_id(parent: Parent) -> str:
    """Return the id of the run that one attempt at a node starts; derived from the attempt, always the same."""
    return step_id(parent.run, parent).replace(".", "-")


def derived_id(text: str, at: datetime) -> str:
    """Return the id derived from a text and a time: always the same, 26 characters, sorting by time as all ids do."""
    moment = int(at.timestamp() * 1000)
    dice = int.from_bytes(sha256(text.encode()).digest(), "big")
    return _digits(moment, TIME_DIGITS) + _digits(dice, DICE_DIGITS)


def _digits(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
