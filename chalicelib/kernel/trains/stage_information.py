"""What people say of a stage for one snapshot, before its steps begin: tickets, inputs, what is forced or left out."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from chalicelib.kernel.plans.work import Ticket
from slipway_formats.frozen import frozen


class Treatment(StrEnum):
    """What becomes of a project in a stage."""

    USUAL = "usual"
    FORCED = "forced"
    SKIPPED = "skipped"


@frozen
class ProjectInformation:
    """What is said of a project in a stage. application: its id. inputs: of its workflows and its deployment job."""

    application: int
    inputs: Mapping[str, str] = field(default_factory=dict)
    tickets: tuple[Ticket, ...] = ()
    treatment: Treatment = Treatment.USUAL


@frozen
class StageInformation:
    """What is said of a stage for a snapshot. environment: its id. tickets: of the whole stage."""

    environment: int
    tickets: tuple[Ticket, ...] = ()
    projects: tuple[ProjectInformation, ...] = ()

    def of(self, application: int) -> ProjectInformation:
        """Return what is said of a project."""
        found = (one for one in self.projects if one.application == application)
        return next(found, ProjectInformation(application=application))

    def tickets_in(self, system: str) -> tuple[Ticket, ...]:
        """Return the tickets of a system, those of projects that are left out aside. system: empty for all."""
        taken = (one for one in self.projects if one.treatment is not Treatment.SKIPPED)
        every = (*self.tickets, *(ticket for one in taken for ticket in one.tickets))
        return tuple(dict.fromkeys(one for one in every if system in ("", one.system)))
