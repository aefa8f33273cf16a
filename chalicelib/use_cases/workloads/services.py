"""Find the service that answers for a path, for whoever carries requests to it."""

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Forbidden, NotFound, Unavailable
from chalicelib.kernel.workloads.pods import Pod, ready_pods
from chalicelib.kernel.workloads.publishing import may_use, prefixes_of
from chalicelib.kernel.workloads.workload import Workload, titled
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.rolling import followed
from chalicelib.use_cases.workloads.views import report_of
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import Published


@frozen
class FindService:
    """Query: which service answers for a path. by: None for anybody, who reaches only what needs no login."""

    path: str
    by: Principal | None = None


@frozen
class ServiceEndpoint:
    """Where a service answers. addresses: of its pods that are ready, in the order of the pods."""

    workload: str
    published: Published
    addresses: tuple[str, ...]


def find_service(ports: Ports, query: FindService) -> ServiceEndpoint:
    """Return the service that is published at the longest prefix of the path.

    Faults: NotFound, also for whoever may not know of it; Forbidden if the caller may not reach it; Unavailable while
    none of its pods is ready.
    """
    workload = ports.workloads.find_published(prefixes_of(query.path))
    published = workload.manifest.published if workload is not None and workload.manifest is not None else None
    if workload is None or published is None or not _may_know(query.by, workload, published):
        raise NotFound(f"no service answers for {query.path[:200]}")
    if query.by is not None and not published.bypass_auth and not may_use(query.by, workload, published):
        raise Forbidden(f"{query.by.name} may not reach {titled(workload)}")
    addresses = tuple(pod.address for pod in _serving_pods(ports, workload) if pod.address)
    if not addresses:
        raise Unavailable(f"{titled(workload)} has no pod that is ready")
    return ServiceEndpoint(workload=workload.id, published=published, addresses=addresses)


def _serving_pods(ports: Ports, workload: Workload) -> tuple[Pod, ...]:
    """Return the pods that answer for a service: until it is available, those of the one that it updates too."""
    before = followed(ports, workload) if workload.available_at is None else None
    older = ready_pods(report_of(ports, before)) if before is not None else ()
    return (*ready_pods(report_of(ports, workload)), *older)


def _may_know(by: Principal | None, workload: Workload, published: Published) -> bool:
    """Whether a caller may know of a service: who may reach it, and whoever may read its project."""
    if published.bypass_auth:
        return True
    return by is not None and (may(by, Level.READ, workload.project) or may_use(by, workload, published))
