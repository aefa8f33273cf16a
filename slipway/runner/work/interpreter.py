"""Which program runs a script, and how its text is written: by its first line, as the kernel of a system reads it."""

from __future__ import annotations

from pathlib import PurePosixPath

_SHELLS = frozenset({"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"})
_STOP = "-e"
_DEFAULT = "/bin/sh"


def mended(text: str) -> str:
    """Return the text with lines that end as a shell wants them; without what some editors write before it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def command(text: str, file: str, *, stops: bool) -> tuple[str, ...]:
    """Return the command that runs the file with this text. stops: a shell ends at the first command that fails."""
    first = text.partition("\n")[0]
    program, _, rest = first.removeprefix("#!").strip().partition(" ") if first.startswith("#!") else ("", "", "")
    options = (rest.strip(),) if rest.strip() else ()
    shell = options[0] if _name(program) == "env" and options else program
    stop = (_STOP,) if stops and _name(shell or _DEFAULT) in _SHELLS else ()
    return (program or "sh", *options, *stop, file)


def _name(program: str) -> str:
    return PurePosixPath(program).name
