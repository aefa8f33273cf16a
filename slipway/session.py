"""Where the login is kept and found: whom to ask, and with which token. How one logs in, the CLI says.

Sought in this order: SLIPWAY_API and SLIPWAY_TOKEN; the session file, `$XDG_CONFIG_HOME/slipway/session.json`; the
ready file of a platform on this machine, `$SLIPWAY_HOME/ready.json`. A token goes only to the address that it is of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

API = "SLIPWAY_API"
TOKEN = "SLIPWAY_TOKEN"  # noqa: S105 - a variable's name
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An address, a token of it (empty: none) and whose it is (empty: not known). source: where it was found."""

    api: str
    token: str = ""
    name: str = ""
    source: str = ""


def find_session(environment: Mapping[str, str]) -> Session | None:
    """The session to ask with; nothing when no address is known."""
    told = environment.get(API, "").rstrip("/")
    kept = [one for one in (saved_session(environment), ready_session(environment)) if one is not None]
    if not told:
        found = kept[0] if kept else None
        token = environment.get(TOKEN)
        return found if found is None or not token else Session(api=found.api, token=token, source=TOKEN)
    if token := environment.get(TOKEN, ""):
        return Session(api=told, token=token, source=TOKEN)
    return next((one for one in kept if one.api == told), Session(api=told, source=API))


def session_file(environment: Mapping[str, str]) -> Path:
    """Where the session is kept."""
    configured = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(configured) if Path(configured).is_absolute() else _home(environment) / ".config"
    return folder / "slipway" / "session.json"


def saved_session(environment: Mapping[str, str]) -> Session | None:
    """What the last login left."""
    path = session_file(environment)
    said = _read(path)
    return _session(said, "token", str(path))


def save_session(environment: Mapping[str, str], session: Session) -> Path:
    """The session is kept, for its owner's eyes only; where."""
    path = session_file(environment)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"api": session.api, "token": session.token, "name": session.name}, file, indent=2)
    beside.replace(path)
    return path


def forget_session(environment: Mapping[str, str]) -> None:
    """No session is kept."""
    session_file(environment).unlink(missing_ok=True)


def ready_session(environment: Mapping[str, str]) -> Session | None:
    """The platform on this machine. A file that others may read, or that names another machine, does not count."""
    path = Path(environment.get("SLIPWAY_HOME") or ".slipway") / "ready.json"
    try:
        status = path.stat()
    except OSError:
        return None
    if status.st_mode & _OTHERS or status.st_uid != os.getuid():
        return None
    found = _session(_read(path), "admin_token", str(path))
    return found if found is not None and is_loopback(found.api) else None


def is_loopback(api: str) -> bool:
    """Whether the address is of this machine."""
    return urlsplit(api).hostname in LOOPBACK


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment["HOME"]) if environment.get("HOME") else Path.home()


def _read(path: Path) -> Mapping[str, object]:
    try:
        said = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _session(said: Mapping[str, object], token: str, source: str) -> Session | None:
    api = said.get("api")
    if not isinstance(api, str) or not api:
        return None
    return Session(
        api=api.rstrip("/"), token=str(said.get(token) or ""), name=str(said.get("name") or ""), source=source
    )
