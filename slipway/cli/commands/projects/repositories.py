"""`slipway repo …`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import (
    arguments,
    body_of,
    json_option,
    key_option,
    place_arguments,
    replace_option,
    said,
    secret_text,
    yes_option,
)
from slipway.cli.places.paths import project_path
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import CONFLICT, Place
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name
from slipway.client import segment
from slipway.client_error import ApiError

TABLE = Columns(
    (Column("repository", KEY), Column("url"), Column("branch"), Column("user", "username")), none="no repositories"
)


def _all_path(project: str) -> str:
    return f"{project_path(project)}repositories/"


def _place(project: str, name: str) -> Place:
    return Place(
        path=f"{_all_path(project)}{segment(name)}/",
        title=f"repository {name} of {project}",
        name=name,
        project=project,
    )


@click.group()
@json_option
def repo() -> None:
    """The git repositories of a project, which its builds name.

    Example: slipway repo list shop
    """


@repo.command()
@place_arguments(_place)
@click.argument("url")
@click.option("--branch", default="", help="Its main branch.")
@key_option
@click.option("--username", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@replace_option
@json_option
def add(*, place: Place, url: str, key: Path | None, password_stdin: bool, replace: bool, **given: object) -> None:
    """Add the repository at URL to PROJECT as NAME. What is secret is kept so, and never shown.

    Example: slipway repo add shop code https://git.example.org/code.git --branch main
    """
    given["password"] = _password() if password_stdin else ""
    body = body_of(None, name=place.name, url=url, private_key=secret_text(key), **given)
    with output.the_client() as api:
        try:
            api.post(f"{_all_path(place.project)}add-repository", body)
        except ApiError as error:
            if error.status != CONFLICT or not replace:
                raise
            api.put(place.path, body)
    output.show({"project": place.project, "name": place.name}, lambda: f"{place.title} is {url}")


@repo.command()
@place_arguments(_place)
@click.option("--url")
@click.option("--branch")
@key_option
@click.option("--username")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; an empty one is forgotten.")
@json_option
def edit(*, place: Place, key: Path | None, password_stdin: bool, **given: object) -> None:
    """Change a repository: what is not said stays as it is, its key too.

    Its password stays as long as host and user do: whoever may change an address could else have it sent anywhere.

    Example: slipway repo edit shop code --branch release
    """
    changes = said(private_key=secret_text(key), **given)
    if password_stdin:
        changes["password"] = _password()
    path, name = _all_path(place.project), place.name
    with output.the_client() as api:
        before = api.get(path).get(name)
        if before is None:
            hint = f"see slipway repo list {place.project}"
            raise CommandError(f"no repository {name} in {place.project}", hint, code=ExitCode.NOT_FOUND)
        if not changes:
            raise CommandError(f"nothing of repository {name} was to be changed", "see --help", code=ExitCode.USAGE)
        api.put(place.path, {**before, **changes})
        found = api.get(path)[name]
    if (given["url"] or given["username"]) and found.get("username") and not password_stdin:
        output.note("note: where host or user are others now, say the password again with --password-stdin")
    output.show(found, lambda: TABLE.table(by_name({name: found})))


@repo.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Forget a repository and its secrets; the repository itself is not touched.

    Example: slipway repo remove shop code --yes
    """
    remove_at(place, yes=yes)


@repo.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The repositories of PROJECT.

    Example: slipway repo list shop
    """
    with output.the_client() as api:
        found = api.get(_all_path(project))
    output.show(found, lambda: TABLE.table(by_name(found)))


def _password() -> str:
    return sys.stdin.readline().rstrip("\n")
