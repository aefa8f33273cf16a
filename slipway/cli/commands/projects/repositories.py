"""`slipway repo …`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.cli.options import body_of, json_option, key_option, replace_option, said, secret_text
from slipway.cli.paths import project_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.client import segment
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType


@click.group()
@json_option
def repo() -> None:
    """The git repositories of a project, which its builds name."""


@repo.command()
@click.argument("project")
@click.argument("name")
@click.argument("url")
@click.option("--branch", default="", help="Its main branch.")
@key_option
@click.option("--username", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@replace_option
@json_option
def add(  # noqa: PLR0917 - click's signature
    project: str,
    name: str,
    url: str,
    branch: str,
    key: Path | None,
    username: str,
    password_stdin: bool,  # noqa: FBT001 - click's signature
    replace: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Add the repository at URL to PROJECT as NAME. What is secret is kept so, and never shown."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    key_text = secret_text(key)
    body = body_of(None, name=name, url=url, branch=branch, private_key=key_text, username=username, password=password)
    with desk.the_client() as api:
        base = f"{project_path(project)}repositories/"
        try:
            api.post(f"{base}add-repository", body)
        except ApiError as error:
            if error.status != 409 or not replace:
                raise
            api.put(f"{base}{segment(name)}/", body)
    desk.show({"project": project, "name": name}, lambda: f"repository {name} of {project} is {url}")


@repo.command()
@click.argument("project")
@click.argument("name")
@click.option("--url")
@click.option("--branch")
@key_option
@click.option("--username")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; an empty one is forgotten.")
@json_option
def edit(  # noqa: PLR0917 - click's signature
    project: str,
    name: str,
    url: str | None,
    branch: str | None,
    key: Path | None,
    username: str | None,
    password_stdin: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Change a repository: what is not said stays as it is, its key too.

    Its password stays as long as host and user do: whoever may change an address could else have it sent anywhere.
    """
    given = said(url=url, branch=branch, username=username, private_key=secret_text(key))
    if password_stdin:
        given["password"] = sys.stdin.readline().rstrip("\n")
    path = f"{project_path(project)}repositories/"
    with desk.the_client() as api:
        before = api.get(path).get(name)
        if before is None:
            raise Trouble(
                f"no repository {name} in {project}", f"see slipway repo list {project}", code=ExitCode.NOT_FOUND
            )
        if not given:
            raise Trouble(f"nothing of repository {name} was to be changed", "see --help", code=ExitCode.USAGE)
        api.put(f"{path}{segment(name)}/", {**before, **given})
        found = api.get(path)[name]
    if (url or username) and found.get("username") and not password_stdin:
        desk.note("note: where host or user are others now, say the password again with --password-stdin")
    desk.show(found, lambda: _table({name: found}))


@repo.command("remove")
@click.argument("project")
@click.argument("name")
@yes_option
@json_option
def remove_(project: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget a repository and its secrets; the repository itself is not touched."""
    title = f"repository {name} of {project}"
    with desk.the_client() as api:
        confirm(title, yes=yes)
        gone = remove(api, f"{project_path(project)}repositories/{segment(name)}/")
    desk.show({"removed": name, **gone}, lambda: told(title, gone))


@repo.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The repositories of PROJECT."""
    with desk.the_client() as api:
        found = api.get(f"{project_path(project)}repositories/")
    desk.show(found, lambda: _table(found))


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (name, str(one["url"]), str(one.get("branch", "")), str(one.get("username", ""))) for name, one in found.items()
    ]
    return listing(("repository", "url", "branch", "user"), rows, none="no repositories")
