"""Read which files a push changed, where the payload is sure to name all of them."""

from chalicelib.dialects.state.incoming_webhooks.words_fields import Held, all_texts_at, whole_text_at

KINDS = ("added", "modified", "removed")

COMMITS = 2048
"""GitHub lists that many commits of a push, and of more no others."""

FILES = 3000
"""GitHub lists that many files of a commit, and of more none."""


def changed_files(payload: Held, commits: tuple[Held, ...]) -> tuple[str, ...] | None:
    """Return the files of the commits, at least one; None where the list may be incomplete."""
    count = payload.get("total_commits_count", payload.get("total_commits", len(commits)))
    is_new = payload.get("created") is True or (not whole_text_at(payload, "before").strip("0") and "before" in payload)
    if count != len(commits) or not 0 < len(commits) < COMMITS or payload.get("forced") is True or is_new:
        return None
    named = [_files(one) for one in commits]
    # One that names no file is a merge, or changed too many to be listed.
    if any(files is None or not 0 < len(files) < FILES for files in named):
        return None
    files = tuple(dict.fromkeys(file for one in named for file in one or ()))
    return files if len(files) < FILES else None


def _files(commit: Held) -> tuple[str, ...] | None:
    lists = [all_texts_at(commit, kind) for kind in KINDS]
    return None if None in lists else tuple(file for one in lists for file in one or ())
