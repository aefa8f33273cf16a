"""`slipway login`, `logout`, `password` and `whoami`."""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.logins import accepted_name, session_token, who_asks
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, words, yes
from slipway.client_error import ApiError
from slipway.contexts import HERE, context_of, forget_context, keep_context
from slipway.session import (
    Session,
    address_of,
    is_loopback,
    ready_session,
    saved_session,
)

LOCAL = "http://127.0.0.1:8000"
RECORD = Columns(
    (
        Column("name"),
        Column("kind"),
        Column("admin", "is_admin", yes),
        Column("roles", show=words),
        Column("groups", show=words),
        Column("scopes", show=words),
    )
)


@click.command()
@click.argument("url", required=False, default="")
@click.option("--token-stdin", is_flag=True, help="Read the token, or the secret of --user, from stdin.")
@click.option("--user", default="", metavar="NAME", help="Log in as this service account or person, by a secret.")
@click.option("--invited", is_flag=True, help="Choose a password by an invitation, and log in by it.")
@click.option("--context", default="", metavar="NAME", help="Keep the login under this name; its host if left out.")
@json_option
def login(*, url: str, token_stdin: bool, user: str, invited: bool, context: str) -> None:
    """Log in to the platform at URL and keep the session.

    Without a URL: where SLIPWAY_API says, where one was logged in last, or the platform that runs on this machine,
    whose own token is then taken.

    Example: slipway login slipway.example.com
    """
    if context == HERE:
        raise click.BadParameter("here is the platform of this machine", param_hint="--context")
    api = _address(url)
    here = ready_session(os.environ)
    if invited:
        token = _accepted(api, from_stdin=token_stdin)
    elif not user and not token_stdin and here is not None and here.api == api and here.token:
        token = here.token
    elif user:
        token = session_token(api, user, _secret(f"Secret of {user}", from_stdin=token_stdin))
    else:
        token = _secret("Token", from_stdin=token_stdin)
    who = who_asks(Session(api=api, token=token))
    path = keep_context(os.environ, Session(api=api, token=token, name=str(who["name"]), context=context))
    if not is_loopback(api) and urlsplit(api).scheme == "http":
        output.note(f"note: {api} is asked without encryption; whoever listens learns the token")
    output.show({"api": api, **who}, lambda: f"logged in to {api} as {who['name']}; kept in {path}")


@click.command()
@click.option("--everywhere", is_flag=True, help="End all your sessions, on whatever machine.")
@json_option
def logout(*, everywhere: bool) -> None:
    """End the session and forget it. A token that somebody issued goes on holding: see `slipway token revoke`.

    Example: slipway logout --everywhere
    """
    kept = saved_session(os.environ)
    if kept is not None:
        try:
            with output.client_of(kept) as api:
                api.post("/api/v1/auth/end-sessions" if everywhere else "/api/v1/auth/logout")
        except ApiError as error:
            output.note(f"note: {kept.api} was not told: {error.message}")
        forget_context(os.environ, context_of(kept))
    output.show(
        {"api": kept.api if kept else None}, lambda: f"logged out of {kept.api}" if kept else "nobody was logged in"
    )


@click.command()
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the password of today and the new one, a line each.")
@json_option
def password(*, from_stdin: bool) -> None:
    """Take another password. Your sessions and tokens end; those that you made for machines are listed.

    Example: slipway password
    """
    current = _secret("Current password", from_stdin=from_stdin)
    new = _new_secret(from_stdin=from_stdin)
    with output.the_client() as api:
        stay = api.post("/api/v1/auth/password", {"current_password": current, "new_password": new})
    names = ", ".join(str(one["owner"]) for one in stay["items"])
    output.show(stay, lambda: f"changed; log in anew{f'. Tokens that stay: {names}' if names else ''}")


@click.command()
@json_option
def whoami() -> None:
    """Who asks, and what they may do.

    Example: slipway whoami
    """
    session = output.the_session()
    who = who_asks(session)
    output.show(
        {"api": session.api, **who}, lambda: RECORD.record(who, {"platform": session.api, "session": session.source})
    )


def _accepted(api: str, *, from_stdin: bool) -> str:
    """Choose a password by an invitation and return the token of the session that it begins."""
    invitation = _secret("Invitation", from_stdin=from_stdin)
    chosen = _new_secret(from_stdin=from_stdin)
    return session_token(api, accepted_name(api, invitation, chosen), chosen)


def _new_secret(*, from_stdin: bool) -> str:
    new = _secret("New password", from_stdin=from_stdin)
    if not from_stdin and new != _secret("New password again", from_stdin=False):
        raise CommandError("the two differ", "type the new password alike twice", code=ExitCode.USAGE)
    return new


def _address(url: str) -> str:
    if not url:
        found = output.found_session()
        return found.api if found is not None else LOCAL
    try:
        return address_of(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error


def _secret(prompt: str, *, from_stdin: bool) -> str:
    secret = (
        sys.stdin.readline().strip() if from_stdin else str(click.prompt(prompt, hide_input=True, err=True)).strip()
    )
    if not secret:
        raise CommandError(
            f"no {prompt.lower()} was given", "type it, or pipe it in with --token-stdin", code=ExitCode.USAGE
        )
    return secret
