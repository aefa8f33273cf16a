"""The graph below a release, as the page draws it: what is needed to the left of what needs it."""

from collections.abc import Sequence

from chalicelib.dialects.console.runs.graph import Graph, graph
from chalicelib.dialects.console.runs.view import StagePart, StepPart
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.use_cases.releases.needs import Needs
from slipway_formats.frozen import frozen
from slipway_formats.release import Dependency
from slipway_formats.release_id import of_version


@frozen
class NeededRelease:
    """A release of the graph. path: of its page; empty where there is none for the reader. needs: ids of others."""

    id: str
    path: str
    needs: Sequence[str]


@frozen
class NeedsPart:
    """What a release needs. direct: as it says so itself. releases: all of the graph, by id. is_cut: it goes on."""

    direct: Sequence[Dependency]
    releases: Sequence[NeededRelease]
    drawing: Graph
    is_cut: bool

    def path_of(self, name: str) -> str:
        """Return the path of the page of a release of the graph."""
        return next((one.path for one in self.releases if one.id == name), "")


def needs_part(release: Release, found: Needs) -> NeedsPart:
    """Return what a release needs, as a list and laid out."""
    keys = dict.fromkeys((release.key, *(edge.upstream for edge in found.edges)))
    releases = [_needed(key, found) for key in keys]
    return NeedsPart(
        direct=release.metadata.depends or (),
        releases=releases,
        drawing=graph([_stage(_id(release.key), releases)]),
        is_cut=found.is_cut,
    )


def _needed(key: ReleaseKey, found: Needs) -> NeededRelease:
    path = f"/releases/{key.namespace}/{key.application}/{key.version}" if key in found.known else ""
    needs = dict.fromkeys(_id(edge.upstream) for edge in found.edges if edge.downstream == key)
    return NeededRelease(id=_id(key), path=path, needs=tuple(needs))


def _stage(name: str, releases: Sequence[NeededRelease]) -> StagePart:
    """Return releases as the layout takes them: those of one frame, each with what it needs."""
    steps = [
        StepPart(address=one.id, key=one.id, name=one.id, is_gate=False, phase=Phase.NEW, needs=tuple(one.needs))
        for one in releases
    ]
    return StagePart(
        key=name,
        name=name,
        environment="",
        number=0,
        attempt=0,
        phase=Phase.NEW,
        reason="",
        began_at=None,
        ended_at=None,
        steps=tuple(steps),
    )


def _id(key: ReleaseKey) -> str:
    return of_version(key.namespace, key.application, key.version)
