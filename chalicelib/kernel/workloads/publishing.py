"""Where services are published: below a prefix of the local server, which may not be one of the platform's own."""

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.workloads.workload import Workload
from slipway_formats.workloads.manifest import Manifest, Published

OWN_SEGMENTS = frozenset(
    {
        "api", "apps", "v1", "v2", "docs", "health", "live", "openapi.json",
        "executions", "flexdeploy", "schemas", "console", "static",
        "login", "logout", "open", "home", "looks", "logs", "inbox", "matrix", "projects",
        "pipelines", "runs", "environments", "releases",
        "trains", "tasks", "calendar", "runners", "insights", "audit", "access", "search", "invitation",
    }
)  # fmt: skip
"""First segments of the platform's own paths, and of those that are planned."""

DEEPEST = 10
"""Segments of a prefix."""


def prefix_defect(manifest: Manifest) -> str:
    """Return why a service cannot be published at its prefix; blank if it can, or is not to be."""
    if manifest.published is None:
        return ""
    segments = manifest.published.prefix.strip("/").split("/")
    if segments[0].lower() in OWN_SEGMENTS:
        return f"{manifest.published.prefix} belongs to the platform"
    return f"has more than {DEEPEST} segments" if len(segments) > DEEPEST else ""


def prefixes_of(path: str) -> list[str]:
    """Return the prefixes at which a service could answer for a path, the longest first."""
    segments = path.split("/")[1 : DEEPEST + 2]
    return ["/" + "/".join(segments[:number]) + "/" for number in range(len(segments) - 1, 0, -1)]


def may_use(by: Principal, workload: Workload, published: Published) -> bool:
    """Whether a caller may reach a service: of its group, if it names one, else whoever may read its project.

    Writers of the project may in any case.
    """
    if may(by, Level.WRITE, workload.project):
        return True
    return published.access in by.groups if published.access else may(by, Level.READ, workload.project)
