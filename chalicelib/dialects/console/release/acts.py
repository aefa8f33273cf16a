"""What is done to a release by the forms of its page, which then shows it."""

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.tags import TagRelease, tag_release
from chalicelib.use_cases.releases.yank import Yank, unyank, yank
from slipway_formats.frozen import frozen


@frozen
class TagByForm:
    """Command: tag a release. back: where its page is."""

    command: TagRelease
    back: str


@frozen
class YankByForm:
    """Command: take a release out of use, or into use again. back: where its page is."""

    command: Yank
    back: str


def tag_by_form(ports: Ports, act: TagByForm) -> str:
    """Tag the release, and return where its page is. Faults: those of `tag_release`."""
    tag_release(ports, act.command)
    return act.back


def yank_by_form(ports: Ports, act: YankByForm) -> str:
    """Take the release out of use, and return where its page is. Faults: those of `yank`."""
    yank(ports, act.command)
    return act.back


def unyank_by_form(ports: Ports, act: YankByForm) -> str:
    """Take the release into use again, and return where its page is. Faults: those of `unyank`."""
    unyank(ports, act.command)
    return act.back
