"""Give git access to a repository without exposing its keys: not in a command line, a log, or a lasting file."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from slipway.runner.git.repository import LOCAL, REMOTE, Source
from slipway.runner.workspace import Workspace, remove_folder

# Answers only for the password's own host and scheme: after a redirect, git requests others.
_ASKPASS = """#!/bin/sh
case "$1" in
    "Username for '$SLIPWAY_GIT_SCHEME://$SLIPWAY_GIT_HOST'"*) printf '%s\\n' "$SLIPWAY_GIT_USERNAME" ;;
    "Password for '$SLIPWAY_GIT_SCHEME://"*"@$SLIPWAY_GIT_HOST'"*) printf '%s\\n' "$SLIPWAY_GIT_PASSWORD" ;;
    "Password for '$SLIPWAY_GIT_SCHEME://$SLIPWAY_GIT_HOST'"*) printf '%s\\n' "$SLIPWAY_GIT_PASSWORD" ;;
esac
"""
# The key is in a file only while ssh runs. The runner's own keys and agent are never offered.
_SSH = """#!/bin/sh
umask 077
key=/dev/null
if [ -n "$SLIPWAY_GIT_KEY" ]; then
    key=$(mktemp) || exit 1
    trap 'rm -f "$key"' EXIT
    trap 'exit 143' TERM INT HUP
    printf '%s\\n' "$SLIPWAY_GIT_KEY" > "$key"
    unset SLIPWAY_GIT_KEY
fi
ssh -F /dev/null -i "$key" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o ForwardAgent=no \\
    -o StrictHostKeyChecking=accept-new -o "UserKnownHostsFile=\\"$SLIPWAY_GIT_KNOWN_HOSTS\\"" "$@"
"""
# Where local paths are allowed, repositories of other users are readable too.
_CONFIG = "[safe]\n\tdirectory = *\n[init]\n\tdefaultBranch = main\n"


@contextmanager
def private_folder(workspace: Workspace) -> Iterator[Path]:
    """Create a folder beside the lease's, where programs of the job may not write, and delete it at the end."""
    # `workspace.remove_old` finds the folders of dead runners by the same rule.
    folder = workspace.folder.with_name(f"{workspace.folder.name}.git")
    remove_folder(folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        remove_folder(folder)


def plain_environment(seen: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return git's environment without a credential. folder: for our git configuration."""
    config = folder / "config"
    config.write_text(_CONFIG)
    return {**seen, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": str(config)}


def environment(
    source: Source, plain: Mapping[str, str], folder: Path, *, known_hosts: Path, local: bool
) -> dict[str, str]:
    """Return the environment in which git may read and push to this source. folder: for our small files."""
    askpass, ssh = _program(folder / "askpass", _ASKPASS), _program(folder / "ssh", _SSH)
    split = urlsplit(source.url)
    return {
        **plain,
        # Programs of the job can write into their own HOME.
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GIT_ASKPASS": str(askpass),
        "GIT_SSH_COMMAND": shlex.quote(str(ssh)),
        "GIT_SSH_VARIANT": "ssh",
        "GIT_ALLOW_PROTOCOL": ":".join((*REMOTE, LOCAL) if local else REMOTE),
        "SLIPWAY_GIT_KNOWN_HOSTS": str(known_hosts),
        "SLIPWAY_GIT_SCHEME": split.scheme,
        "SLIPWAY_GIT_HOST": split.netloc.rpartition("@")[2],
        "SLIPWAY_GIT_USERNAME": source.username,
        "SLIPWAY_GIT_PASSWORD": source.password,
        "SLIPWAY_GIT_KEY": source.private_key.replace("\r\n", "\n").strip("\n"),
    }


def _program(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o700)
    return path
