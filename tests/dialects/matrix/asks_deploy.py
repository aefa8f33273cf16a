"""What is asked of the rows of tasks, and of what they read."""

from collections.abc import Mapping

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import KNOWN, READERS

REPOSITORY = "/api/v1/repositories/{name}"
NEW = {"url": "https://git.example.org/more.git", "projects": ["web"]}

DEPLOY_ASKS: Mapping[str, Ask] = {
    "GET /api/v1/repositories": Ask(shows="git.example.org/tasks"),
    f"GET {REPOSITORY}": Ask(where={"name": "tasks"}, who=READERS, unseen=KNOWN - READERS),
    f"PUT {REPOSITORY}": Ask(where={"name": "more"}, body=NEW),
    f"DELETE {REPOSITORY}": Ask(where={"name": "tasks"}),
}
