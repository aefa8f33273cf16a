"""Registered repositories: registered, listed, changed and removed."""

from tests.slipway.cli.recorded_api import RecordedApi, Shell

PATH = "/api/v1/repositories/code"
KNOWN = {
    "name": "code", "url": "https://git.example.org/code.git", "branch": "main", "username": "ann",
    "has_private_key": False, "has_password": True, "projects": ["web", "*"],
}  # fmt: skip


def test_a_repository_is_registered_with_who_may_use_it(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"PUT {PATH}", KNOWN)

    shown = slipway("repository", "register", "code", str(KNOWN["url"]), "-p", "web", "-p", "*", "--branch", "main")

    assert api.last("PUT").body == {"url": KNOWN["url"], "branch": "main", "username": "", "projects": ["web", "*"]}
    assert "web, all" in shown.stdout


def test_what_is_not_said_of_a_registered_repository_stays(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {PATH}", KNOWN)
    api.on(f"PUT {PATH}", KNOWN)

    slipway("repository", "edit", "code", "--branch", "dev")

    assert api.last("PUT").body == {
        "url": KNOWN["url"], "branch": "dev", "username": "ann", "projects": ["web", "*"],
    }  # fmt: skip


def test_registered_repositories_are_listed_and_removed(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/repositories", {"repositories": [KNOWN]})
    api.on(f"DELETE {PATH}", None)

    listed, removed = slipway("repository", "list"), slipway("repository", "remove", "code", "--yes")

    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == ["code"]
    assert "registered repository code" in removed.stdout
