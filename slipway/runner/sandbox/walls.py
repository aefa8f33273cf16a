"""What a job must not see of its machine, and how a program is started so that it does not."""

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from slipway.runner.sandbox import confine

_FOLDERS = (
    ".ssh", ".aws", ".docker", ".config", ".gnupg", ".kube", ".azure", ".oci", ".terraform.d", ".password-store",
    ".local/share/keyrings",
)  # fmt: skip
_FILES = (
    ".netrc", ".git-credentials", ".gitconfig", ".pgpass", ".my.cnf", ".vault-token", ".npmrc", ".yarnrc.yml",
    ".pypirc", ".terraformrc", ".s3cfg", ".boto", ".m2/settings.xml", ".m2/settings-security.xml",
    ".gradle/gradle.properties", ".gem/credentials", ".cargo/credentials", ".cargo/credentials.toml",
    ".composer/auth.json", ".bash_history", ".zsh_history",
)  # fmt: skip
_RUN = ("/run", "/var/run")
_RESOLVER = Path("/etc/resolv.conf")
_LAUNCHER = (sys.executable, "-I", "-S", confine.__file__)
# Ours may be where a job has its own /tmp. The interpreter has to be elsewhere; else namespaces alone will do.
_BOUND = "/dev/slipway-first.py"
_FIRST = (os.path.realpath(sys.executable), "-I", "-S", _BOUND)


class Kind(StrEnum):
    """The implementations of a sandbox."""

    BUBBLEWRAP = "bubblewrap"
    UNSHARE = "unshare"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a sandbox hides, and what may be written besides the job's own folder. Absolute paths."""

    hidden: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """How programs of jobs are confined. why: there is none, unless none was requested."""

    kind: Kind = Kind.NONE
    view: View = View()
    why: str = ""

    def __str__(self) -> str:
        return str(self.kind) if not self.why else f"{self.kind}: {self.why}"

    def command(self, folder: Path, words: tuple[str, ...], *, network: bool = True) -> tuple[str, ...]:
        """Return the command that runs these words confined, for the job that has this folder."""
        match self.kind:
            case Kind.NONE:
                return words
            case Kind.UNSHARE:
                return (*_LAUNCHER, _told(self.view, folder, network=network), *words)
            case Kind.BUBBLEWRAP:
                return (*_bubblewrap(self.view, folder, network=network), "--", *_FIRST, "{}", *words)


def scratch_of(folder: Path) -> Path:
    """Return the folder that a job sees as /tmp: beside its own folder, so that it cannot put a link in its place."""
    return folder.with_name(f"{folder.name}.tmp")


def view_of(home: Path, secret: tuple[Path, ...], environment: Mapping[str, str], binds: tuple[str, ...]) -> View:
    """Return what sandboxes hide on this machine. home: of the platform. secret: folders and files of the runner."""
    people = {environment.get("HOME") or "/", pwd.getpwuid(os.geteuid()).pw_dir} - {"/"}
    folders = [str(home), *_RUN, *(f"{person}/{name}" for person in sorted(people) for name in _FOLDERS)]
    folders += [path for name in ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR") if (path := environment.get(name, ""))]
    files = [f"{person}/{name}" for person in sorted(people) for name in _FILES]
    for own in secret:
        (folders if own.is_dir() else files).append(str(own))
    docker = urlsplit(environment.get("DOCKER_HOST", ""))
    files += ["/var/run/docker.sock", *([docker.path] if docker.scheme == "unix" else [])]
    return View(hidden=_real(folders), files=_real(files), kept=tuple(_resolver()), binds=_real(list(binds)))


def _real(paths: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(os.path.realpath(path) for path in paths))


def _resolver() -> Iterator[str]:
    # Where it leads into /run, names would not resolve any more.
    real = os.path.realpath(_RESOLVER)
    if real != str(_RESOLVER) and Path(real).is_file():
        yield real


def _told(view: View, folder: Path, *, network: bool) -> str:
    own = os.path.realpath(folder)
    return json.dumps(
        {
            "folder": own, "scratch": str(scratch_of(Path(own))), "hidden": view.hidden, "files": view.files,
            "kept": view.kept, "binds": view.binds, "network": network,
        }
    )  # fmt: skip


def _bubblewrap(view: View, folder: Path, *, network: bool) -> Iterator[str]:
    own = os.path.realpath(folder)
    yield from ("bwrap", "--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL", "--as-pid-1")
    yield from () if network else ("--unshare-net",)
    yield from ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    # bubblewrap itself leaves /proc/sys to root, who could have the kernel run programs outside.
    covered = {**{name: f"/proc/{name}" for name in confine.LOCKED}, **dict.fromkeys(confine.UNSEEN, "/dev/null")}
    for name, source in covered.items():
        if Path("/proc", name).exists():
            yield from ("--ro-bind", source, f"/proc/{name}")
    for path in ("/tmp", "/var/tmp"):  # noqa: S108 - they become the job's own
        yield from ("--bind", str(scratch_of(Path(own))), path)
    inside = ("/tmp/", "/var/tmp/")  # noqa: S108 - as above
    hidden = [path for path in view.hidden if Path(path).is_dir() and not path.startswith(inside)]
    for path in hidden:
        yield from ("--tmpfs", path)
    gone = (*inside, *(f"{path}/" for path in hidden))
    for path in view.files:
        if Path(path).exists() and not path.startswith(gone):
            yield from ("--ro-bind", "/dev/null", path)
    for path in (own, *view.binds):
        yield from ("--bind", path, path)
    for path in view.kept:
        yield from ("--ro-bind", path, path)
    yield from ("--tmpfs", "/dev/shm", "--ro-bind", confine.__file__, _BOUND)  # noqa: S108 - the job's own
    for path in (*hidden, "/dev"):
        yield from ("--remount-ro", path)
