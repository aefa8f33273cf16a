"""Check whether a loopback port is free, and find who uses it. Linux shows that in /proc; elsewhere it is unknown."""

import socket
from pathlib import Path

LISTENING = "0A"


def is_free(port: int) -> bool:
    """True when a process could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Return the process that listens on this port: id and command."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        if sockets & _open_files(process):
            return f"process {process.name}: {_command(process)}"
    return "a process that this user may not see"


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        fields = [row.split() for row in rows]
        inodes |= {row[9] for row in fields if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port}
    return inodes


def _open_files(process: Path) -> set[str]:
    try:
        return {str(entry.readlink()) for entry in (process / "fd").iterdir()}
    except OSError:
        return set()


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return "gone by now"
    return " ".join(word.decode(errors="replace") for word in words if word)[:200]
