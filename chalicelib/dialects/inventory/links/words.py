"""Read queries about dependency graphs, downstream releases and providers, and show the answers."""

from collections.abc import Iterator

from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.releases.words import read_release
from chalicelib.dialects.inventory.words import next_page, opaque_next_page, read_opaque_slice, read_slice
from chalicelib.http.answers.listed import listed
from chalicelib.http.reply import Json, Reply
from chalicelib.http.request import Request
from chalicelib.kernel.releases.links import Edge, Offer
from chalicelib.use_cases.pagination import Sliced
from chalicelib.use_cases.releases.links import LinksQuery, OffersQuery, ReleaseGraph
from slipway_formats.release_id import of_version

MAIN, CONSUMER, PROVIDER = "main", "consumer", "provider"
UPSTREAM, DOWNSTREAM, EXTENSION = "upstream", "downstream", "extension"


def read_graph(request: Request) -> LinksQuery:
    """Read the release whose graph is requested."""
    return LinksQuery(of=read_release(request), by=request.asker)


def read_links(request: Request) -> LinksQuery:
    """Read the release whose links are requested. Faults: Invalid."""
    return LinksQuery(of=read_release(request), by=request.asker, slice=read_opaque_slice(request))


def read_providers(request: Request) -> OffersQuery:
    """Read the requested interface; empty when none is named. Faults: Invalid."""
    return OffersQuery(interface=request.query.text("name") or "", by=request.asker, slice=read_slice(request))


def show_graph(graph: ReleaseGraph) -> Reply:
    """Show nodes and edges: the release, its interfaces, its dependencies and its dependents."""
    metadata = graph.release.metadata
    main = of_version(metadata.project, metadata.name, metadata.version)
    # For each node: label, type, type of the edge, and whether the edge starts at it.
    around = list(_around(graph))
    nodes = [_node(main, MAIN), *(_node(label, kind) for label, kind, _, _ in around)]
    edges = [_edge((f"{MAIN}{main}", f"{kind}{label}"), how, back) for label, kind, how, back in around]
    unique = {str(node["id"]): node for node in nodes}
    return go_reply({"nodes": list(unique.values()), "edges": edges})


def show_downstream(found: Sliced[Edge]) -> Reply:
    """Show the releases that depend on a release, and for what."""
    return go_reply(
        [
            {
                "project": edge.downstream.namespace,
                "name": edge.downstream.application,
                "version": edge.downstream.version,
                "build": edge.build,
                "deploy": edge.deploy,
                "is_extension": edge.is_extension,
            }
            for edge in found.items
        ],
        opaque_next_page(found.after),
    )


def show_providers(found: Sliced[Offer]) -> Reply:
    """Show the providers of an interface, by release."""
    shown: dict[str, dict[str, Json]] = {
        of_version(offer.project, offer.application, offer.version): {
            "application": offer.application,
            "project": offer.project,
            "version": offer.version,
            "description": offer.description,
        }
        for offer in found.items
    }
    return go_reply({name: listed(offer) for name, offer in sorted(shown.items())}, next_page(found.after))


def _around(graph: ReleaseGraph) -> Iterator[tuple[str, str, str, bool]]:
    metadata = graph.release.metadata
    for consumer in metadata.consumes or ():
        yield consumer.name, CONSUMER, "consumes", True
    for provider in metadata.provides or ():
        yield provider.name, PROVIDER, "provides", False
    for dependency in metadata.depends or ():
        yield dependency.release_id, UPSTREAM, UPSTREAM, False
    for extension in metadata.extends or ():
        yield extension.release_id, EXTENSION, "extends", False
    for edge in graph.downstream:
        down = edge.downstream
        label = of_version(down.namespace, down.application, down.version)
        yield label, *((EXTENSION, "extends") if edge.is_extension else (DOWNSTREAM, DOWNSTREAM)), True


def _node(label: str, kind: str) -> dict[str, Json]:
    return {"id": f"{kind}{label}", "label": label, "type": kind}


def _edge(ends: tuple[str, str], how: str, is_back: bool) -> Json:  # noqa: FBT001 - the claim itself, not a switch
    main, other = ends
    return {"from": other if is_back else main, "to": main if is_back else other, "type": how}
