"""Logins under names, to change between platforms: kept beside the login in use, in a file for its owner alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from slipway.session import (
    API,
    TOKEN,
    Session,
    find_session,
    forget_session,
    ready_session,
    save_session,
    saved_session,
    session_file,
    session_in,
    write_private,
)

CONTEXT = "SLIPWAY_CONTEXT"
HERE = "here"
"""The platform of this machine, as its ready file has it; nothing is kept under this name."""


class UnknownContextError(ValueError):
    """No login is kept under the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no context {name}")
        self.name = name


def contexts(environment: Mapping[str, str]) -> dict[str, Session]:
    """Return the logins by name, sorted; the login in use and the platform of this machine are among them."""
    path = contexts_file(environment)
    found = {name: session_in(content, str(path)) for name, content in _kept(path).items()}
    saved, ready = saved_session(environment), ready_session(environment)
    known = {
        **{name: one for name, one in found.items() if one is not None},
        **({context_of(saved): saved} if saved is not None else {}),
        **({HERE: ready} if ready is not None else {}),
    }
    return dict(sorted(known.items()))


def context_of(session: Session) -> str:
    """Return the name under which a login is kept: the one that it was given, else the host of its platform."""
    return session.context or urlsplit(session.api).netloc


def keep_context(environment: Mapping[str, str], session: Session) -> Path:
    """Keep a login under its name and make it the one in use; return the file of the one in use."""
    kept = contexts(environment)
    _write(environment, {**kept, context_of(session): session})
    return save_session(environment, session)


def use_context(environment: Mapping[str, str], name: str) -> Session:
    """Make the login of this name the one in use. Faults: UnknownContextError."""
    kept = contexts(environment)
    if name not in kept:
        raise UnknownContextError(name)
    _write(environment, kept)
    if name == HERE:
        forget_session(environment)
    else:
        save_session(environment, replace(kept[name], context=name))
    return kept[name]


def forget_context(environment: Mapping[str, str], name: str) -> None:
    """Forget the login of this name, if it is kept; also where it is the one in use."""
    saved = saved_session(environment)
    _write(environment, {one: session for one, session in contexts(environment).items() if one != name})
    if saved is not None and context_of(saved) == name:
        forget_session(environment)


def session_in_use(environment: Mapping[str, str]) -> Session | None:
    """Return the session to use: that of SLIPWAY_CONTEXT, unless SLIPWAY_API is set; else as `find_session` says.

    Faults: ValueError for an address that is none; UnknownContextError.
    """
    name = environment.get(CONTEXT, "")
    if not name or environment.get(API):
        return find_session(environment)
    found = contexts(environment).get(name)
    if found is None:
        raise UnknownContextError(name)
    token = environment.get(TOKEN)
    return replace(found, token=token, source=TOKEN) if token else found


def contexts_file(environment: Mapping[str, str]) -> Path:
    """Return the path of the file that keeps the logins."""
    return session_file(environment).with_name("contexts.json")


def _kept(path: Path) -> dict[str, Mapping[str, object]]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {name: one for name, one in content.items() if isinstance(one, dict)} if isinstance(content, dict) else {}


def _write(environment: Mapping[str, str], kept: Mapping[str, Session]) -> None:
    # The platform of this machine is found by its ready file, whose token may be another tomorrow.
    told = {name: {"api": one.api, "token": one.token, "name": one.name} for name, one in kept.items() if name != HERE}
    write_private(contexts_file(environment), told)
