"""With what a definition is made into a plan: who asked, when, under which id and number. Compilers read it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from hashlib import sha256

from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.plan import Parent

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's digits, in which ids are written so that they sort by time."""

TIME_DIGITS = 10
DICE_DIGITS = 16


@frozen
class RunAsk:
    """What a run is asked for with. secret: unguessable, for the codes of the run's confirmations.

    trigger: `request`, `webhook`, `pipeline`, `build` or `deployment-job`. account: the service account of whoever
    starts it, for definitions that name none.
    """

    id: str
    number: int
    by: str
    at: datetime
    secret: str
    parent: Parent | None = None
    trigger: str = "request"
    inputs: Mapping[str, object] = field(default_factory=dict)
    account: str = ""


def child_id(parent: Parent) -> str:
    """The id of the run that one attempt at a node starts: always the same, sorting with the ids of its parents."""
    return step_id(parent.run, parent.execution, parent.node, parent.attempt).replace(".", "-")


def derived_id(text: str, at: datetime) -> str:
    """The id that belongs to a text: always the same, 26 digits, sorting by time as all ids do."""
    moment = int(at.timestamp() * 1000)
    dice = int.from_bytes(sha256(text.encode()).digest(), "big")
    return _digits(moment, TIME_DIGITS) + _digits(dice, DICE_DIGITS)


def _digits(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))
