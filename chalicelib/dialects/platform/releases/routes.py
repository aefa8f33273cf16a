"""The row of releases with where they are."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.releases import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import NAMESPACE_SEEN
from chalicelib.use_cases.overview.release_places import get_release_places

GROUP = Group(PLATFORM, "Releases")

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/releases/{namespace}/{application}",
        "The versions of an application, the highest first, or one: when, by whom, yanked, and where it is deployed.",
        NAMESPACE_SEEN,
        Handling(words.read_places, get_release_places, words.show_places),
        schema=Schema(query=shapes.PlacesQuery, answer=shapes.PlacedReleasesShape),
    ),
)
