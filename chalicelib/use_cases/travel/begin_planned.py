"""Give a train that is planned a snapshot, whose variables may be secret, and begin its run."""

from dataclasses import replace

from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.find import train_for
from chalicelib.use_cases.trains.stored_variables import stored
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_in


def begin_snapshot(ports: Ports, command: BeginSnapshot) -> Changed:
    """Create a snapshot and begin its run, where that opens a gate or begins a step; else its first deploy begins it.

    Faults: as of create_snapshot; Conflict if the train's pipeline is gone or disabled.
    """
    create = replace(command.create, keeps=stored)
    return begin_in(ports, replace(command, create=create), train_for(ports, create.origin.by, create.train))
