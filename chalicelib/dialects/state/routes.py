"""All rows of the State Service."""

from chalicelib.dialects.state import (
    routes_accounts,
    routes_builds,
    routes_deployments,
    routes_environments,
    routes_jobs,
    routes_pipelines,
    routes_projects,
)

OPERATIONS = (
    *routes_projects.OPERATIONS,
    *routes_accounts.OPERATIONS,
    *routes_environments.OPERATIONS,
    *routes_deployments.OPERATIONS,
    *routes_builds.OPERATIONS,
    *routes_jobs.OPERATIONS,
    *routes_pipelines.OPERATIONS,
)
