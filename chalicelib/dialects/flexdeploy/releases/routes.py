"""Rows of releases."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, bare
from chalicelib.dialects.flexdeploy.releases import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.travel.releases import create_release, get_release, list_releases, update_release

GROUP = Group(FLEXDEPLOY, "Releases")
RELEASES = f"{PREFIX}/rest/v1/releases"
RELEASE = f"{RELEASES}/{{releaseId}}"

OPERATIONS = (
    GROUP.operation(
        f"GET {RELEASES}",
        "Releases, by a part of `releaseName`; what has just this name comes first.",
        AUTHENTICATED,
        Handling(words.read_list, list_releases, bare(words.shown)),
        schema=Schema(query=shapes.ReleaseListQueryShape, answer=list[shapes.GatedReleaseShape]),
    ),
    GROUP.operation(
        f"POST {RELEASES}",
        "Plan a release of projects by a pipeline of gates.",
        AUTHENTICATED,
        Handling(words.read_new, create_release, alone(words.shown)),
        schema=Schema(status=201, body=shapes.NewReleaseBody, answer=shapes.GatedReleaseShape),
    ),
    GROUP.operation(
        f"GET {RELEASE}",
        "A release with its projects.",
        AUTHENTICATED,
        Handling(words.read_one, get_release, alone(words.shown)),
        schema=Schema(answer=shapes.GatedReleaseShape),
    ),
    GROUP.operation(
        f"PATCH {RELEASE}",
        "Say a release anew; suspend it, go on with it, or complete it, which aborts what travels.",
        AUTHENTICATED,
        Handling(words.read_changed, update_release, alone(words.shown)),
        schema=Schema(body=shapes.ReleaseBody, answer=shapes.GatedReleaseShape),
    ),
)
