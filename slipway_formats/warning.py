"""Lines of a script's log that are warnings, and the output by which its runner says that there were any."""

PREFIX = "WARN"
WARNED = "warned"
"""The output of a script with warnings in its log; its value is `true`. A deployment of it succeeded with warnings."""


def is_warning(line: str) -> bool:
    """Return True for a line that begins with WARN."""
    return line.startswith(PREFIX)
