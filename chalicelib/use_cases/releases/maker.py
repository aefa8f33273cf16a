"""Who is said to have made a release."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.releases.release import Built


def maker(asker: Principal, built: Built | None) -> str:
    """The asker's name; of a job, whose name says nothing to anybody, that of who started its run."""
    return built.by if built is not None and asker.kind is PrincipalKind.JOB else asker.name
