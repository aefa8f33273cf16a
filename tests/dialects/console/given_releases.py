"""Releases to look at: a library, and an application that needs it, with hostile words in it."""

from tests.dialects.console.given import HOSTILE, WEB
from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World

INVENTORY = "/api/v1/inventory/demo"
JOB = {"environment": "production", "deployment": "app", "release": "demo/app"}


def releases_and_jobs(world: World) -> None:
    """Three versions, one tagged, one yanked, one in production, where a job deploys it."""
    world.ask("POST", f"{WEB}/add-namespace", {"name": "demo"}, by=ADMIN)
    world.done("POST", f"{INVENTORY}/register", {"name": "lib", "version": "1.0", "project": "demo"})
    for version in ("1.1.1", "1.2", "1.3"):
        world.done("POST", f"{INVENTORY}/register", metadata_of(version))
    world.done("POST", f"{INVENTORY}/units/app/versions/v1.3/yank", {"reason": f"leaks {HOSTILE}"})
    world.done("POST", f"{INVENTORY}/units/app/tags/", {"release_id": "demo/app-v1.2", "tag": "stable"})
    world.done("POST", "/api/v1/deployment-jobs/by-project/web/add", JOB)
    state = {"name": "app", "release": "demo/app", "stages": {"deploy": {"version": "1.1.1"}}}
    target = f"{WEB}/environments/production/deployments/?deployment=app"
    world.done("PUT", target, {"path": "app", "state": state})


def metadata_of(version: str) -> dict[str, object]:
    """What the maker of a version says of it."""
    return {
        "name": "app",
        "version": version,
        "project": "demo",
        "description": f"what sells {HOSTILE}",
        "git_revision": f"c0ffee{version.replace('.', '')}",
        "revision_message": f"Sell more {HOSTILE}\nby {version}",
        "revision_author": "ada",
        "files": {"sell.sh": version.rjust(32, "0"), "<b>.txt": "0" * 32},
        "depends": [{"release_id": "demo/lib-v1.0"}],
        "inputs": [{"id": "key", "type": "string", "sensitive": True, "default": "hush"}, {"id": "color"}],
    }
