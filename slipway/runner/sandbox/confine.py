"""Run a program behind walls, by namespaces of Linux: `python -I -S confine.py WALLS PROGRAM…`.

What the program leaves running ends with it: nothing of a job changes files while the runner reads and writes them.

WALLS is JSON; {} for the first process of a namespace that has its walls already. `folder`, `scratch`: the job's own,
which it may write; `hidden`, `files`: folders and files that are not there; `kept`: files to leave in hidden folders;
`binds`: folders to write besides; `network`: whether there is one.
Imports the standard library only, and little of it: it is started for every program of a job.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Importing it takes as long as all the rest.
    from typing import Any, NoReturn

    Walls = dict[str, Any]

NEW_USER, NEW_MOUNT, NEW_PID, NEW_IPC, NEW_NET = 0x10000000, 0x20000, 0x20000000, 0x08000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
READ_ONLY, EVERYWHERE, MOUNT_SETATTR = 1, 0x8000, 442
DUMPABLE, CAP_DROP, NO_NEW_PRIVS, AMBIENT, CLEAR_ALL = 4, 24, 38, 47, 4
# So that root may unpack archives in its own folder.
KEPT_CAPABILITIES = {0, 3, 4}
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
# Root may write these, also without a capability.
LOCKED = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "asound", "mtrr", "pressure")
UNSEEN = ("kcore", "keys", "timer_list", "timer_stats", "sched_debug", "latency_stats", "kmsg")
CANNOT, NOT_RUNNABLE, NOT_FOUND = 125, 126, 127
LIBC = ctypes.CDLL(None, use_errno=True)


def main(walls: Walls, words: list[str]) -> NoReturn:
    """End as the program ends."""
    # The group is signalled as a whole; we end when the program has.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        if not walls:
            _be_first(words)
        _unshare(NEW_MOUNT | NEW_PID | NEW_IPC | (0 if walls["network"] else NEW_NET))
        first = os.fork()
        if first == 0:
            _build(walls)
            _drop()
            _be_first(words)
    except OSError as error:
        _fail(error)
    os._exit(_code(os.waitpid(first, 0)[1]))


def _be_first(words: list[str]) -> NoReturn:
    """Act as the first process of the namespace: start the program; the system kills what is left when it ends."""
    # Else the program could take it over, and outlive its job.
    _call("prctl", LIBC.prctl(DUMPABLE, 0, 0, 0, 0))
    program = os.fork()
    if program == 0:
        _become(words)
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    ended = status = 0
    while ended != program:
        ended, status = os.wait()
    os._exit(_code(status))


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _become(words: list[str]) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(words[0], words)  # noqa: S606 - no shell is wanted
    except OSError as error:
        os.write(2, f"{words[0]}: {error.strerror}\n".encode())
        os._exit(NOT_FOUND if error.errno == errno.ENOENT else NOT_RUNNABLE)


def _fail(error: OSError) -> NoReturn:
    os.write(2, f"sandbox: {error}\n".encode())
    os._exit(CANNOT)


def _unshare(flags: int) -> None:
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _unshare_as_root(flags)
        return
    _call("unshare", LIBC.unshare(flags | NEW_USER))
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def _unshare_as_root(flags: int) -> None:
    """Enter a user namespace in which all users keep their ids; a child that stays outside writes the mapping."""
    own, (reading, writing) = os.getpid(), os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(writing)
        is_asked = os.read(reading, 1)
        for name in ("uid_map", "gid_map") if is_asked else ():
            with open(f"/proc/self/{name}") as file:
                same = [f"{inside} {inside} {count}" for inside, _, count in map(str.split, file)]
            _write(f"/proc/{own}/{name}", "\n".join(same))
        os._exit(0)
    os.close(reading)
    has_users = LIBC.unshare(flags | NEW_USER) == 0
    if has_users:
        os.write(writing, b"x")
    os.close(writing)
    if os.waitpid(helper, 0)[1]:
        raise OSError(errno.EPERM, "users cannot be mapped")
    if not has_users:
        _call("unshare", LIBC.unshare(flags))


def _build(walls: Walls) -> None:
    _mount(None, "/", None, RECURSIVE | PRIVATE)
    given = [walls["folder"], walls["scratch"], *walls["binds"], *walls["kept"], *(f"/dev/{name}" for name in DEVICES)]
    there = {path: os.open(path, os.O_PATH) for path in given if os.path.exists(path)}
    _set("/", READ_ONLY, 0, EVERYWHERE)
    _hide(walls, there)
    here = os.getcwd()
    _devices(there)
    _processes()
    os.chdir(here)
    if not walls["network"]:
        _loopback()


def _hide(walls: Walls, there: dict[str, int]) -> None:
    for path in filter(os.path.isdir, ("/tmp", "/var/tmp")):  # noqa: S108 - they become the job's own
        _bind(there[walls["scratch"]], path)
    covered = [path for path in walls["hidden"] if _cover(path)]
    for path in filter(os.path.exists, walls["files"]):
        _bind(there["/dev/null"], path, is_writable=False)
    for path in (walls["folder"], *walls["binds"]):
        os.makedirs(path, exist_ok=True)
        _bind(there[path], path)
    for path in walls["kept"]:
        if path in there and not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
            _bind(there[path], path, is_writable=False)
    for path in covered:
        _set(path, READ_ONLY, 0, 0)


def _cover(path: str) -> bool:
    if not os.path.isdir(path) or os.path.islink(path):
        return False
    _mount("tmpfs", path, "tmpfs", NOSUID | NODEV, "mode=0755,size=1m")
    return True


def _bind(descriptor: int, path: str, *, is_writable: bool = True) -> None:
    _mount(f"/proc/self/fd/{descriptor}", path, None, BIND | RECURSIVE)
    _set(path, 0 if is_writable else READ_ONLY, READ_ONLY if is_writable else 0, EVERYWHERE)


def _devices(there: dict[str, int]) -> None:
    _mount("tmpfs", "/dev", "tmpfs", NOSUID, "mode=0755,size=1m")
    for name in DEVICES:
        if f"/dev/{name}" in there:
            os.close(os.open(f"/dev/{name}", os.O_WRONLY | os.O_CREAT))
            _mount(f"/proc/self/fd/{there[f'/dev/{name}']}", f"/dev/{name}", None, BIND)
    for place, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{place}", f"/dev/{name}")
    os.symlink("/proc/self/fd", "/dev/fd")
    os.symlink("pts/ptmx", "/dev/ptmx")
    os.mkdir("/dev/shm")  # noqa: S108 - the job's own
    os.mkdir("/dev/pts")
    _mount("tmpfs", "/dev/shm", "tmpfs", NOSUID | NODEV, "mode=1777")  # noqa: S108 - the job's own
    _mount("devpts", "/dev/pts", "devpts", NOSUID | NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    _set("/dev", READ_ONLY, 0, 0)


def _processes() -> None:
    _mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
    for name in LOCKED:
        if os.path.exists(f"/proc/{name}"):
            _mount(f"/proc/{name}", f"/proc/{name}", None, BIND | RECURSIVE)
            _set(f"/proc/{name}", READ_ONLY, 0, EVERYWHERE)
    for name in UNSEEN:
        if os.path.exists(f"/proc/{name}"):
            _mount("/dev/null", f"/proc/{name}", None, BIND)
            _set(f"/proc/{name}", READ_ONLY, 0, 0)


def _loopback() -> None:
    import fcntl
    import socket
    import struct

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sh22x", b"lo", 0x41))


def _drop() -> None:
    _call("prctl", LIBC.prctl(NO_NEW_PRIVS, 1, 0, 0, 0))
    LIBC.prctl(AMBIENT, CLEAR_ALL, 0, 0, 0)
    for capability in range(64):
        if capability not in KEPT_CAPABILITIES and LIBC.prctl(CAP_DROP, capability, 0, 0, 0) != 0:
            break


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:  # noqa: PLR0917 - as the system's
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, options)]
    _call(f"mount {target}", LIBC.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]))


def _set(path: str, on: int, off: int, how: int) -> None:
    """Set and clear attributes of the mount at a path, or of all below it too."""
    attributes = (ctypes.c_uint64 * 4)(on, off, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    done = LIBC.syscall(MOUNT_SETATTR, -100, os.fsencode(path), ctypes.c_uint(how), ctypes.byref(attributes), size)
    _call(f"mount_setattr {path}", done)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def _call(name: str, answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
