"""Find and save the login: API address and token. How to log in: the CLI.

Looked up in this order: SLIPWAY_API and SLIPWAY_TOKEN; the session file, `$XDG_CONFIG_HOME/slipway/session.json`; the
ready file of a platform on this machine, `$SLIPWAY_HOME/ready.json`. A token is only sent to the address that it
belongs to.
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
READY = "ready.json"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_OTHERS = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An API address, a token for it (empty: none) and its owner (empty: unknown). source: where it was found.

    context: the name under which it is kept, if it was given one.
    """

    api: str
    token: str = ""
    name: str = ""
    source: str = ""
    context: str = ""


def find_session(environment: Mapping[str, str]) -> Session | None:
    """Return the session to use, or None when no address is known. Faults: ValueError for an address that is none."""
    configured = address_of(environment[API]) if environment.get(API) else ""
    known = [one for one in (saved_session(environment), ready_session(environment)) if one is not None]
    if not configured:
        found = known[0] if known else None
        token = environment.get(TOKEN)
        return found if found is None or not token else Session(api=found.api, token=token, source=TOKEN)
    if token := environment.get(TOKEN, ""):
        return Session(api=configured, token=token, source=TOKEN)
    return next((one for one in known if one.api == configured), Session(api=configured, source=API))


def session_file(environment: Mapping[str, str]) -> Path:
    """Return the path of the session file."""
    configured = environment.get("XDG_CONFIG_HOME", "")
    folder = Path(configured) if Path(configured).is_absolute() else _home(environment) / ".config"
    return folder / "slipway" / "session.json"


def saved_session(environment: Mapping[str, str]) -> Session | None:
    """Return the session of the last login, or None."""
    path = session_file(environment)
    return session_in(_read(path), str(path))


def save_session(environment: Mapping[str, str], session: Session) -> Path:
    """Write the session file, readable only by its owner, and return its path."""
    context = {"context": session.context} if session.context else {}
    told = {"api": session.api, "token": session.token, "name": session.name, **context}
    return write_private(session_file(environment), told)


def write_private(path: Path, content: Mapping[str, object]) -> Path:
    """Write a JSON file as a whole, readable only by its owner, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=2)
    temporary.replace(path)
    return path


def forget_session(environment: Mapping[str, str]) -> None:
    """Delete the session file, if it exists."""
    session_file(environment).unlink(missing_ok=True)


def ready_session(environment: Mapping[str, str]) -> Session | None:
    """Return the session of the platform on this machine.

    Ignores a file that others may read, or that names another machine.
    """
    path = _platform_folder(environment) / READY
    try:
        status = path.stat()
    except OSError:
        return None
    if status.st_mode & _OTHERS or status.st_uid != os.getuid():
        return None
    found = session_in(_read(path), str(path), token="admin_token")  # noqa: S106 - a field's name
    return found if found is not None and is_loopback(found.api) else None


def is_stopped_here(environment: Mapping[str, str]) -> bool:
    """True when a platform of this machine has been up in its folder, and is not now."""
    folder = _platform_folder(environment)
    return (folder / "lock").exists() and not (folder / READY).exists()


def address_of(text: str) -> str:
    """Return the address of a platform as people write it; without a scheme: http on this machine, else https.

    Faults: ValueError.
    """
    address = text.strip().rstrip("/")
    if "://" not in text:
        address = f"http://{address}" if is_loopback(f"http://{address}") else f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"{text!r} is no address, such as https://slipway.example.com")
    return address


def is_loopback(api: str) -> bool:
    """True when the address is on this machine."""
    return urlsplit(api).hostname in LOOPBACK


def session_in(content: Mapping[str, object], source: str, *, token: str = "token") -> Session | None:  # noqa: S107 - a field's name
    """Return the session that a file holds; None if it names no address. token: its field."""
    api = content.get("api")
    if not isinstance(api, str) or not api:
        return None
    said = {name: str(content.get(name) or "") for name in ("name", "context")}
    return Session(api=api.rstrip("/"), token=str(content.get(token) or ""), source=source, **said)


def _platform_folder(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("SLIPWAY_HOME") or ".slipway")


def _home(environment: Mapping[str, str]) -> Path:
    return Path(environment["HOME"]) if environment.get("HOME") else Path.home()


def _read(path: Path) -> Mapping[str, object]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
