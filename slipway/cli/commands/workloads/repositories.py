"""`slipway repository …`: registered repositories, which the Deploy API reads. Those of a project: `slipway repo`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from slipway.cli.input.options import arguments, json_option, key_option, said, secret_text, yes_option
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place, change
from slipway.cli.show import output
from slipway.cli.show.cells import Names
from slipway.cli.show.columns import KEY, Column, Columns, Row, by_name, words
from slipway.client import segment

ROOT = "/api/v1/repositories"
CHANGED = ("url", "branch", "username", "projects")


def _projects(row: Row) -> Names:
    return words(["all" if one == "*" else one for one in row["projects"]])


TABLE = Columns(
    (
        Column("repository", KEY),
        Column("url"),
        Column("branch"),
        Column("user", "username"),
        Column("projects", _projects),
    ),
    none="no registered repositories that one may use",
)
projects_option = click.option(
    "-p",
    "--project",
    "projects",
    multiple=True,
    metavar="PROJECT",
    help="That may use it; `*` for all.",
)
password_option = click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")


@click.group()
@json_option
def repository() -> None:
    """The registered git repositories, from which tasks and their pipelines come.

    Example: slipway repository list
    """


@repository.command()
@arguments("name", "url")
@projects_option
@click.option("--branch", default="", help="That counts where nobody names one; `master`, if left out.")
@key_option
@click.option("--username", default="")
@password_option
@json_option
def register(
    *, name: str, url: str, projects: tuple[str, ...], key: Path | None, password_stdin: bool, **given: object
) -> None:
    """Register the repository at URL as NAME, or replace what is known of it. What is secret is never shown.

    Example: slipway repository register code https://git.example.org/code.git --project shop
    """
    secrets = {"private_key": secret_text(key), "password": _password() if password_stdin else None}
    body = {"url": url, "projects": list(projects), **given, **said(**secrets)}
    with output.the_client() as api:
        found = api.put(_place(name).path, body)
    output.show(found, lambda: TABLE.table(by_name({name: found})))


@repository.command()
@arguments("name")
@click.option("--url")
@projects_option
@click.option("--branch")
@key_option
@click.option("--username")
@password_option
@json_option
def edit(*, name: str, projects: tuple[str, ...], key: Path | None, password_stdin: bool, **given: object) -> None:
    """Change a registered repository: what is not said stays as it is. Projects are those that are named alone.

    Example: slipway repository edit code --branch main
    """
    password = _password() if password_stdin else None
    changes = said(private_key=secret_text(key), password=password, projects=list(projects) or None, **given)
    with output.the_client() as api:
        found = change(api, _place(name), changes, CHANGED)
    output.show(found, lambda: TABLE.table(by_name({name: found})))


@repository.command("list")
@json_option
def list_() -> None:
    """The registered repositories that a project of the caller's may use.

    Example: slipway repository list
    """
    with output.the_client() as api:
        found = {one["name"]: one for one in api.get(ROOT)["repositories"]}
    output.show(found, lambda: TABLE.table(by_name(found)))


@repository.command("remove")
@arguments("name")
@yes_option
@json_option
def remove_(name: str, yes: bool) -> None:  # noqa: FBT001 - of click
    """Forget a registered repository and its secrets; the repository itself is not touched.

    Example: slipway repository remove code --yes
    """
    remove_at(_place(name), yes=yes)


def _place(name: str) -> Place:
    return Place(path=f"{ROOT}/{segment(name)}", title=f"registered repository {name}", name=name)


def _password() -> str:
    return sys.stdin.readline().rstrip("\n")
