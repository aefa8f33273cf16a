"""How many files and connections this process may have open: as many as the system allows it."""

import resource


def raise_limit() -> None:
    """Raise the limit to what no further right is needed for; many a shell begins with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
