"""Read calls of native methods about releases."""

from chalicelib.dialects.buildmaster.parameters import Parameters, read_parameters
from chalicelib.http.request import Request
from chalicelib.use_cases.train_addresses.addressed import EndTrainAt, SaveTrainAt
from chalicelib.use_cases.train_addresses.addresses import Address, TrainAddress
from chalicelib.use_cases.trains.ending import TrainAct


def read_saved_release(request: Request) -> SaveTrainAt:
    """Read a release to create or change. Faults: Invalid."""
    said = read_parameters(request)
    application, number = _application(said), said.needed("Release_Number")
    said.check()
    title, pipeline = said.text("Release_Name"), said.text("Pipeline_Name")
    return SaveTrainAt(origin=request.origin, application=application, number=number, title=title, pipeline=pipeline)


def read_cancelled_release(request: Request) -> EndTrainAt:
    """Read which release to cancel, and why. Faults: Invalid."""
    said = read_parameters(request)
    application, number = _application(said), said.needed("Release_Number")
    said.check()
    address = TrainAddress(train=Address(number=number), application=application)
    reason = said.text("CancelledReason_Text")
    return EndTrainAt(origin=request.origin, address=address, act=TrainAct.CANCEL, reason=reason)


def _application(said: Parameters) -> Address:
    said.needed("Application_Id")
    return Address(id=said.whole("Application_Id"))
