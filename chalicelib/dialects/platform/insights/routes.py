"""The row of the numbers of delivery."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.insights import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject, project_in_query
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.insights.read import read_insights

GROUP = Group(PLATFORM, "Insights")

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/insights",
        "Deployments, lead time, share that failed and time to restore of `?project=`, by application and week.",
        InProject(Level.READ, by=project_in_query),
        Handling(words.read_query, read_insights, words.show_insights),
        schema=Schema(query=shapes.InsightsQueryShape, answer=shapes.InsightsShape),
    ),
)
