"""`slipway repo …`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.options import body_of, json_option, replace_option
from slipway.cli.paths import project_path
from slipway.client import segment
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def repo() -> None:
    """Add and list the git repositories of a project, which its builds name."""


@repo.command()
@click.argument("project")
@click.argument("name")
@click.argument("url")
@click.option("--branch", default="", help="Its main branch.")
@click.option("--private-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with a key.")
@click.option("--username", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@replace_option
@json_option
def add(  # noqa: PLR0917 - click's signature
    project: str,
    name: str,
    url: str,
    branch: str,
    private_key: Path | None,
    username: str,
    password_stdin: bool,  # noqa: FBT001 - click's signature
    replace: bool,  # noqa: FBT001 - click's signature
) -> None:
    """Add the repository at URL to PROJECT as NAME. What is secret is kept so, and never shown."""
    key = private_key.read_text() if private_key is not None else ""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    body = body_of(None, name=name, url=url, branch=branch, private_key=key, username=username, password=password)
    with desk.the_client() as api:
        base = f"{project_path(project)}repositories/"
        try:
            api.post(f"{base}add-repository", body)
        except ApiError as error:
            if error.status != 409 or not replace:
                raise
            api.put(f"{base}{segment(name)}/", body)
    desk.show({"project": project, "name": name}, lambda: f"repository {name} of {project} is {url}")


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
