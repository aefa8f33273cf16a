"""Read how requests name applications, releases and builds: by an integer id, or by number or name.

A filter takes any one of the alternatives. An action goes up a ladder: a build by its number needs its release, a
release by its number needs its application, and what has an id needs nothing else. A build without a release is named
by its number and its application.
"""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.dialects.buildmaster.parameters import Parameters
from chalicelib.use_cases.train_addresses.addresses import Address, SnapshotAddress, TrainAddress

APPLICATION = ("applicationId", "applicationName")
RELEASE = ("releaseId", "releaseNumber")
RELEASE_IN_FILTER = (*RELEASE, "releaseName")
BUILD = ("buildId", "buildNumber")
ENVIRONMENT = ("environmentId", "environmentName")

Above = TypeVar("Above")


def find_reference(parameters: Parameters, names: tuple[str, ...]) -> Address | None:
    """Read one of several alternative parameters; None without any. Two of them are a defect."""
    if not (given := parameters.given(*names)):
        return None
    for name in given[1:]:
        parameters.refuse(name, f"stands beside {given[0]}: give one of them")
    if given[0].endswith("Id"):
        return Address(id=parameters.whole(given[0]))
    text = parameters.text(given[0])
    return Address(number=text) if given[0].endswith("Number") else Address(title=text)


def read_application(parameters: Parameters) -> Address:
    """Read the application that an action needs."""
    return _needed(parameters, APPLICATION)


def read_release(parameters: Parameters) -> TrainAddress:
    """Read the release that an action needs, and the application of one by its number."""
    release = _needed(parameters, RELEASE)
    application = _rung(parameters, "releaseNumber", APPLICATION, read_application)
    return TrainAddress(train=release, application=application)


def read_build(parameters: Parameters) -> SnapshotAddress:
    """Read the build that an action needs, and the release of one by its number; its application if it has none."""
    build = _needed(parameters, BUILD)
    if parameters.given("buildNumber") and names_no_release(parameters):
        return SnapshotAddress(snapshot=build, application=read_application(parameters))
    return SnapshotAddress(
        snapshot=build, train=_rung(parameters, "buildNumber", (*RELEASE, *APPLICATION), read_release)
    )


def names_no_release(parameters: Parameters) -> bool:
    """Return True if a build without a release is meant: an application is named, and no release."""
    return bool(parameters.given(*APPLICATION)) and not parameters.given(*RELEASE)


def _needed(parameters: Parameters, names: tuple[str, ...]) -> Address:
    found = find_reference(parameters, names)
    if found is None:
        parameters.refuse(names[0], f"is required, or {' or '.join(names[1:])}")
    return found or Address()


def _rung(
    parameters: Parameters, number: str, above: tuple[str, ...], read: Callable[[Parameters], Above]
) -> Above | None:
    """Read what stands above on the ladder, which goes with a number alone."""
    if parameters.given(number):
        return read(parameters)
    if parameters.given(number.replace("Number", "Id")):
        for name in parameters.given(*above):
            parameters.refuse(name, f"goes with {number} alone")
    return None
