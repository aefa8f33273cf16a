"""Directories of repositories, which lead to nothing outside of these."""

LONGEST = 500


def directory_defect(directory: str) -> str:
    """Return what is wrong with a directory of a repository; blank if nothing is."""
    if not directory or len(directory) > LONGEST or not directory.isprintable():
        return f"should have 1 to {LONGEST} characters"
    parts = directory.split("/")
    if any(part in {"", ".", "..", ".git"} for part in parts) or "\\" in directory:
        return "should be a path below the repository, without . and .. in it"
    return ""
