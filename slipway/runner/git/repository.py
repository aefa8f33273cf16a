"""Check repository addresses, which are untrusted, and separate their secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from slipway.runner import job_fields as asking
from slipway.runner.verdict import JobFieldsError
from slipway_formats.git_address import is_branch, is_commit, parted

REMOTE = ("https", "http", "ssh", "git")
LOCAL = "file"
_SCP = re.compile(r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>[^@/:\s]+):(?P<path>[^:\s][^\0]*)")
_HELPER = re.compile(r"[A-Za-z0-9+.-]*::")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What to check out. url: without a password. commit: blank for the newest. branch: blank for the default."""

    url: str
    branch: str = ""
    commit: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


def read(ask: Mapping[str, Any], *, local: bool) -> Source:
    """Read the source from a job's fields. local: allow local paths. Faults: JobFieldsError, with all defects."""
    url = asking.text(ask, "repository").strip()
    branch, commit = asking.some_text(ask, "branch").removeprefix("refs/heads/"), asking.some_text(ask, "commit")
    found = (url_defect(url, local=local), _branch_defect(branch), _commit_defect(commit))
    defects = [defect for defect in found if defect]
    if defects:
        raise JobFieldsError("; ".join(defects))
    address = parted(url)
    return Source(
        url=address.url, branch=branch, commit=commit, username=asking.some_text(ask, "username") or address.username,
        password=asking.some_text(ask, "password") or address.password,
        private_key=asking.some_text(ask, "private_key"),
    )  # fmt: skip


def is_remote(url: str) -> bool:
    """Whether an address is of another machine, and no path of this one."""
    return not url.startswith(("/", ".", f"{LOCAL}:"))


def url_defect(url: str, *, local: bool) -> str | None:
    """Return what is wrong with an address, or None. The text does not repeat it: it may contain a password."""
    if not url or _CONTROL.search(url) or url.startswith("-") or _HELPER.match(url):
        return "repository: no address of a repository"
    if "://" in url:
        return _split_defect(url, local=local)
    if not url.startswith(("/", ".")) and (found := _SCP.fullmatch(url)) is not None:
        parts = (found["user"] or "", found["host"], found["path"])
        return "repository: no address of a repository" if any(part.startswith("-") for part in parts) else None
    if not local:
        return "repository: this runner builds from no paths (SLIPWAY_LOCAL_REPOSITORIES=1 would let it)"
    return None if url.startswith("/") else "repository: a path has to begin with a slash"


def _split_defect(url: str, *, local: bool) -> str | None:
    try:
        split = urlsplit(url)
        host, _ = split.hostname or "", split.port
    except ValueError:
        return "repository: no address of a repository"
    if split.scheme == LOCAL:
        if not local:
            return "repository: this runner builds from no files (SLIPWAY_LOCAL_REPOSITORIES=1 would let it)"
        return (
            None if host in {"", "localhost"} and split.path.startswith("/") else "repository: no path of this machine"
        )
    if split.scheme not in REMOTE:
        return f"repository: {split.scheme} is none of {', '.join(REMOTE)}"
    if not host or host.startswith("-") or (split.username or "").startswith("-"):
        return "repository: no host that can be asked"
    return None


def _branch_defect(branch: str) -> str | None:
    return None if not branch or is_branch(branch) else "branch: no name of a branch"


def _commit_defect(commit: str) -> str | None:
    return None if not commit or is_commit(commit) else "commit: 7 to 64 hexadecimal digits are expected"
