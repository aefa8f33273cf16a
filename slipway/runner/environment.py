"""The environment of scripts: an allow-list of the runner's variables, never its token or cloud keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from slipway.runner.job_records import Lease

_SEEN = frozenset(
    {
        "PATH", "LANG", "LANGUAGE", "TZ", "USER", "LOGNAME", "TERM", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
    }
)  # fmt: skip


def clean(own: Mapping[str, str], passed: tuple[str, ...] = ()) -> dict[str, str]:
    """The allowed part of the runner's environment. passed: further names."""
    names = _SEEN | frozenset(passed)
    return {name: value for name, value in own.items() if name in names or name.startswith("LC_")}


def of_job(seen: Mapping[str, str], lease: Lease, home: Path) -> dict[str, str]:
    """The environment of a job's programs. home: the lease's folder."""
    job = lease.job
    told = {
        "SLIPWAY_JOB": job.id,
        "SLIPWAY_RUN": job.run,
        "SLIPWAY_PROJECT": job.project,
        "SLIPWAY_ENVIRONMENT": job.environment,
        "SLIPWAY_ATTEMPT": str(job.attempt),
    }
    return {**seen, "HOME": str(home), **told}
