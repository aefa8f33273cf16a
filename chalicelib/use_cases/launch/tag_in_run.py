"""A run's tag step: select the release and write the tag."""

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import TagRelease, VersionRule
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.launch.foreign_references import acts_for_in_run, refuse_unwritable
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.release_id import ReleaseId, parse, show
from slipway_formats.version import Exact, latest


def tag_in_run(ports: Ports, plan: Plan, run: Run, work: TagRelease) -> str:
    """Write the tag on the release that the rule selects, and return the release's id.

    Faults: NotFound, also for another project's namespace in which the pipeline may not write; Conflict if it has no
    run-as identity there.
    """
    refuse_unwritable(ports, acts_for_in_run(plan, ports.clock.now()), work.namespace, work.application)
    version = _version(ports, run, work)
    if version is None:
        raise NotFound(f"no version of {work.namespace}/{work.application} for {work.version}")
    key = ReleaseKey(namespace=work.namespace, application=work.application, version=version)
    ports.tags.update_tag(key, work.tag, f"run {run.id}", None)
    return show(ReleaseId(namespace=work.namespace, application=work.application, query=Exact(version=version)))


def _version(ports: Ports, run: Run, work: TagRelease) -> str | None:
    if work.version is VersionRule.TAGGED:
        return ports.releases.resolve(work.namespace, work.application, work.tagged)
    versions = versions_in_run(run, work.namespace, work.application)
    if work.version is VersionRule.HIGHEST_IN_RUN:
        return latest(versions)
    return versions[-1] if versions else None


def versions_in_run(run: Run, namespace: str, application: str) -> tuple[str, ...]:
    """Return the versions of an application that the run built or deployed, in order."""
    releases = (parse(text, "release") for text in run.releases)
    return tuple(
        one.query.version
        for one in releases
        if (one.namespace, one.application) == (namespace, application) and isinstance(one.query, Exact)
    )
