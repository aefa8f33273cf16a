"""A site with one of everything that the published schemas speak of, and how each is served to a writer."""

from collections.abc import Mapping
from typing import Any

from tests.dialects.state.site import Site
from tests.dialects.state.walk import BUILD, JOB, JOBS, PIPELINE, PIPELINES, STAGING, WEB

STEP = {"type": "webhook-trigger", "webhook_url": "https://hook.example.org/"}


def with_one_of_each() -> Site:
    """A site with one of each definition, each run once."""
    site = Site()
    code = {"name": "code", "url": "file:///srv/app.git"}
    site.done("POST", f"{WEB}/repositories/add-repository", code)
    site.done(
        "POST", f"{WEB}/add-namespace", {"name": "demo", "description": "d", "logo": "TE9HTw==", "org_url": "https://x"}
    )
    site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "code", "steps": [{}]})
    site.done(
        "POST",
        f"{JOBS}/by-project/web/add",
        {"environment": "staging", "deployment": "demo/app", "release": "demo/app"},
    )
    for name in ("other", "release"):
        body = {
            "name": name,
            "phases": [{"name": "one", "environment": "staging", "steps": [STEP]}],
            "triggers": [{"type": "webhook"}],
        }
        site.done("POST", f"{PIPELINES}/by-project/web/add", body)
    for trigger in (f"{BUILD}/trigger-build", f"{JOB}/trigger", f"{PIPELINE}/trigger"):
        site.done("POST", trigger)
    return site


def served(site: Site) -> Mapping[str, Any]:
    """One of each schema, as it is served to a writer."""
    build, pipeline = site.get(f"{BUILD}/"), site.get(f"{PIPELINE}/")
    spaces = site.get(f"{WEB}/namespaces/")
    (job_run,) = site.get(f"{JOB}/executions/")
    return {
        "Build": build,
        "BuildStep": build["steps"][0],
        "BuildExecution": site.get(f"{BUILD}/executions/")[0],
        "DeploymentJob": site.get(f"{JOB}/"),
        "DeploymentJobExecution": job_run,
        "ExecutionID": site.done("POST", f"{BUILD}/trigger-build"),
        "Namespace": spaces["namespaces"]["demo"],
        "NamespacePayload": spaces["namespaces"]["demo"],
        "NamespacesPayload": spaces,
        "Pipeline": pipeline,
        "PipelineExecution": site.get(f"{PIPELINE}/executions/")[0],
        "PipelinePhase": pipeline["phases"][0],
        "PipelineStep": pipeline["phases"][0]["steps"][0],
        "PipelineTrigger": pipeline["triggers"][0],
    }
