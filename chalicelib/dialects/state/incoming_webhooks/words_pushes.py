"""Read which branches a payload says were pushed. What is of a host or service and not understood is no push.

GitHub, GitLab, Gitea (with Forgejo and Gogs), Bitbucket Cloud and Server, Azure DevOps; otherwise a plain body with
any of the fields `branch`, `commit`, `author`, `message`, `changed_files` and `inputs`, or none at all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.dialects.state.incoming_webhooks.words_changes import changed_files
from chalicelib.dialects.state.incoming_webhooks.words_fields import (
    NOTHING,
    Held,
    all_texts_at,
    as_map,
    map_at,
    maps_at,
    text_at,
    whole_text_at,
)
from chalicelib.use_cases.incoming_webhooks.pushes import Push, Pushes, Sender

BRANCH = "refs/heads/"
MOST_FILES = 10_000
PUSH_EVENTS = frozenset({"push", "push hook", "system hook", "repo:push", "repo:refs_changed"})
AZURE_PUSH = "git.push"
SKIP = re.compile(r"\[(skip ci|ci skip)\]", re.IGNORECASE)
SAYING: Mapping[str, type] = {"branch": str, "commit": str, "changed_files": list, "inputs": dict}
COMMENTS = frozenset({"author", "message"})


def pushes_of(payload: object, event: str) -> Pushes:
    """Return the pushed branches of a payload. event: from the git host's header, empty when there is none."""
    if event and event.lower() not in PUSH_EVENTS:
        return _none(f"event {event[:64]} is no push")
    held = as_map(payload)
    read = _of_host(held)
    if read is None:
        is_plain = not event and isinstance(payload, dict) and _is_plain(held)
        return Pushes(branches=(_plain(held),)) if is_plain else _none("this says no push that is understood")
    named = (replace(push, repository=_repository(held)) for push in read.branches)
    return replace(read, branches=tuple(named), is_of_host=True, sender=_sender(held))


def _of_host(payload: Held) -> Pushes | None:
    """Return what a git host says; None if no known one says it so."""
    if "eventType" in payload and "resource" in payload:
        return _azure(payload)
    if (kind := payload.get("object_kind", payload.get("event_name", "push"))) != "push":
        return _none(f"event {str(kind)[:64]} is no push")
    if isinstance(payload.get("push"), dict):
        return _bitbucket_cloud(map_at(payload, "push"))
    if isinstance(payload.get("changes"), list) and "eventKey" in payload:
        return _bitbucket_server(payload)
    return _git_host(payload) if "ref" in payload else None


def _none(why: str) -> Pushes:
    return Pushes(none=why)


def _some(pushes: Iterable[Push]) -> Pushes:
    """Return the branches, each once: the last of a name is where it is now."""
    last = {push.branch: push for push in pushes if push.branch}
    return Pushes(branches=tuple(last.values())) if last else _none("no branch was pushed")


def _git_host(payload: Held) -> Pushes:
    """Read a push of GitHub, GitLab or Gitea: a ref, the commit after it, and the commits between."""
    ref, commit = text_at(payload, "ref"), text_at(payload, "after")
    branch = ref.removeprefix(BRANCH)
    if not ref.startswith(BRANCH) or not branch:
        return _none(f"{ref[:100] or 'nothing'} is no branch")
    if payload.get("deleted") is True or _is_nothing(commit):
        return _none(f"branch {branch} was deleted")
    commits = maps_at(payload, "commits")
    head = map_at(payload, "head_commit") or _with_id(commits, "id", commit)
    author = text_at(map_at(head, "author"), "name") or text_at(payload, "user_name")
    push = Push(branch=branch, commit=commit, author=author, changed_files=changed_files(payload, commits))
    return _some((_saying(push, head, "message"),))


def _bitbucket_cloud(push: Held) -> Pushes:
    news = [map_at(change, "new") for change in maps_at(push, "changes")]
    return _some(_of_bitbucket_cloud(new) for new in news if text_at(new, "type") == "branch")


def _of_bitbucket_cloud(new: Held) -> Push:
    target = map_at(new, "target")
    author = map_at(target, "author")
    said = text_at(author, "raw") or text_at(map_at(author, "user"), "display_name")
    push = Push(branch=text_at(new, "name"), commit=text_at(target, "hash"), author=said)
    return _saying(push, target, "message")


def _bitbucket_server(payload: Held) -> Pushes:
    changes = maps_at(payload, "changes")
    kept = (one for one in changes if text_at(one, "type") != "DELETE" and not _is_nothing(text_at(one, "toHash")))
    heads = (map_at(payload, "toCommit"), *maps_at(payload, "commits"))
    author = text_at(map_at(payload, "actor"), "displayName")
    pushes = (
        Push(branch=_branch(text_at(map_at(one, "ref"), "id")), commit=text_at(one, "toHash"), author=author)
        for one in kept
    )
    return _some(_saying(push, _with_id(heads, "id", push.commit), "message") for push in pushes)


def _azure(payload: Held) -> Pushes:
    event, resource = text_at(payload, "eventType"), map_at(payload, "resource")
    if event != AZURE_PUSH:
        return _none(f"event {event[:64] or 'without a name'} is no push")
    updates = [one for one in maps_at(resource, "refUpdates") if not _is_nothing(text_at(one, "newObjectId"))]
    return replace(_some(_of_azure(one, resource) for one in updates), delivery=text_at(payload, "id"))


def _of_azure(update: Held, resource: Held) -> Push:
    commit = text_at(update, "newObjectId")
    head = _with_id(maps_at(resource, "commits"), "commitId", commit)
    author = text_at(map_at(head, "author"), "name") or text_at(map_at(resource, "pushedBy"), "displayName")
    return _saying(Push(branch=_branch(text_at(update, "name")), commit=commit, author=author), head, "comment")


def _saying(push: Push, head: Held, field: str) -> Push:
    """Return the push with the message of its newest commit, and whether that asks for no build; it may say so last."""
    asks = SKIP.search(whole_text_at(head, field)) is not None
    return replace(push, message=text_at(head, field), asks_to_skip=asks)


def _branch(ref: str) -> str:
    return ref.removeprefix(BRANCH) if ref.startswith(BRANCH) else ""


def _is_nothing(commit: str) -> bool:
    """Whether the commit is all zeros, by which hosts mean that there is none."""
    return bool(commit) and not commit.strip("0")


def _with_id(commits: Iterable[Held], field: str, commit: str) -> Held:
    return next((one for one in commits if commit and one.get(field) == commit), NOTHING)


def _repository(payload: Held) -> str:
    """Return the name of the repository as it ends its address: what hosts call its name may be a title."""
    paths = (
        text_at(map_at(payload, "project"), "path_with_namespace"),
        *(text_at(map_at(payload, "repository"), name) for name in ("full_name", "slug")),
        text_at(map_at(payload, "resource", "repository"), "name"),
    )
    return next((path.rpartition("/")[2].lower() for path in paths if path), "")


def _sender(payload: Held) -> Sender:
    """Return who pushed, from the fields of GitHub, Gitea, Gogs, GitLab, Bitbucket Cloud and Server."""
    sender, pusher, actor = (map_at(payload, name) for name in ("sender", "pusher", "actor"))
    names = (
        *(text_at(held, name) for held in (sender, pusher) for name in ("login", "username")),
        *(text_at(actor, name) for name in ("nickname", "username", "name")),
        text_at(pusher, "name"),
        text_at(payload, "user_username"),
    )
    mails = (
        text_at(pusher, "email"),
        text_at(sender, "email"),
        text_at(payload, "user_email"),
        text_at(actor, "emailAddress"),
    )
    return Sender(names=_each_once(names), mails=_each_once(mails))


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _is_plain(payload: Held) -> bool:
    """Whether somebody wrote it by hand: it says what to build, as it should be said, or nothing that is not ours."""
    says_what = any(isinstance(payload.get(name), kind) for name, kind in SAYING.items())
    return says_what or all(name in COMMENTS and isinstance(text, str) for name, text in payload.items())


def _plain(payload: Held) -> Push:
    files = all_texts_at(payload, "changed_files") or ()
    return Push(
        branch=text_at(payload, "branch").removeprefix(BRANCH),
        commit=text_at(payload, "commit"),
        author=text_at(payload, "author"),
        message=text_at(payload, "message"),
        changed_files=files if 0 < len(files) <= MOST_FILES else None,
    )
