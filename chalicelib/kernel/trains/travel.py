"""What a snapshot hands to a run: the seam between trains and the engine."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from chalicelib.kernel.plans.plan import DefinitionRef
from slipway_formats.frozen import frozen


@frozen
class Travel:
    """A request for a run of a snapshot.

    train, snapshot: their ids; the younger snapshot has the higher. variables, secrets: resolved for it. stages: names
    of those asked for, in order of the pipeline; empty for all. deliberate: a redeploy, which passes the mark of the
    train without moving it back. begin_at: the earliest start of its first stage.
    """

    train: int
    snapshot: int
    pipeline: DefinitionRef
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    deliberate: bool = False
    begin_at: datetime | None = None


def train_name(train: int) -> str:
    """A train as the engine knows it: its runs overtake one another where their pipeline says so."""
    return f"train/{train}"
