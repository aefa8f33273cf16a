"""Read how requests name applications, releases and builds: by an integer id, or by number or name.

A filter takes any one of the alternatives. An action goes up a ladder: a build by its number needs its release, a
release by its number needs its application, and what has an id needs nothing else.
"""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.dialects.buildmaster.parameters import Parameters
from slipway_formats.frozen import frozen

APPLICATION = ("applicationId", "applicationName")
RELEASE = ("releaseId", "releaseNumber")
RELEASE_IN_FILTER = (*RELEASE, "releaseName")
BUILD = ("buildId", "buildNumber")
ENVIRONMENT = ("environmentId", "environmentName")

Above = TypeVar("Above")


@frozen
class Reference:
    """What a request names. One of the fields is there: its id, its number or its name."""

    id: int | None = None
    number: str = ""
    name: str = ""


@frozen
class ReleaseReference:
    """The release that an action is about. application: of a release by its number."""

    release: Reference
    application: Reference | None = None


@frozen
class BuildReference:
    """The build that an action is about. release: of a build by its number."""

    build: Reference
    release: ReleaseReference | None = None


def find_reference(parameters: Parameters, names: tuple[str, ...]) -> Reference | None:
    """Read one of several alternative parameters; None without any. Two of them are a defect."""
    if not (given := parameters.given(*names)):
        return None
    for name in given[1:]:
        parameters.refuse(name, f"stands beside {given[0]}: give one of them")
    if given[0].endswith("Id"):
        return Reference(id=parameters.whole(given[0]))
    text = parameters.text(given[0])
    return Reference(number=text) if given[0].endswith("Number") else Reference(name=text)


def read_application(parameters: Parameters) -> Reference:
    """Read the application that an action needs."""
    return _needed(parameters, APPLICATION)


def read_release(parameters: Parameters) -> ReleaseReference:
    """Read the release that an action needs, and the application of one by its number."""
    release = _needed(parameters, RELEASE)
    application = _rung(parameters, "releaseNumber", APPLICATION, read_application)
    return ReleaseReference(release=release, application=application)


def read_build(parameters: Parameters) -> BuildReference:
    """Read the build that an action needs, and the release of one by its number."""
    build = _needed(parameters, BUILD)
    return BuildReference(build=build, release=_rung(parameters, "buildNumber", (*RELEASE, *APPLICATION), read_release))


def _needed(parameters: Parameters, names: tuple[str, ...]) -> Reference:
    found = find_reference(parameters, names)
    if found is None:
        parameters.refuse(names[0], f"is required, or {' or '.join(names[1:])}")
    return found or Reference()


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
