"""Paths of the State API, every name in them quoted."""

from __future__ import annotations

from slipway.client import segment


def project_path(project: str) -> str:
    """Return the path of a project."""
    return f"/api/v1/state/{segment(project)}/"


def environment_path(project: str, environment: str) -> str:
    """Return the path of an environment of a project."""
    return f"{project_path(project)}environments/{segment(environment)}/"


def builds_path(project: str, environment: str) -> str:
    """Return the path of the builds of an environment."""
    return f"{environment_path(project, environment)}builds/"


def build_path(project: str, environment: str, build: str) -> str:
    """Return the path of one build."""
    return f"{builds_path(project, environment)}by-name/{segment(build)}/"


def jobs_path(project: str) -> str:
    """Return the path of the deployment jobs of a project."""
    return f"/api/v1/deployment-jobs/by-project/{segment(project)}/"


def job_path(project: str, environment: str, deployment: str) -> str:
    """Return the path of one deployment job."""
    return f"{jobs_path(project)}by-environment/{segment(environment)}/by-name/{segment(deployment)}/"


def pipelines_path(project: str) -> str:
    """Return the path of the pipelines of a project."""
    return f"/api/v1/pipelines/by-project/{segment(project)}/"


def pipeline_path(project: str, pipeline: str) -> str:
    """Return the path of one pipeline."""
    return f"{pipelines_path(project)}by-name/{segment(pipeline)}/"


def deployment_path(project: str, environment: str, deployment: str) -> str:
    """Return the path of one deployment in the platform's own API."""
    return f"/api/v1/projects/{segment(project)}/environments/{segment(environment)}/deployments/{segment(deployment)}"
