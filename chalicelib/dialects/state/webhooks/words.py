"""Read push payloads of git hosts and scripts. Fields of an unexpected type count as missing.

GitHub, GitLab, Gitea (and Gogs), Bitbucket Cloud and Server; otherwise a plain JSON or form body with the fields
`branch`, `commit`, `author`, `message`, `changed_files` and `inputs`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import FORM, Request
from chalicelib.http.shape import parse_json
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.incoming_webhooks import (
    WEBHOOK,
    Begun,
    HearWebhook,
    Proof,
    Push,
    Scheme,
    Sender,
    Skipped,
)
from chalicelib.use_cases.definitions.webhook_secrets import WebhookNamed

BRANCH = "refs/heads/"
MOST_FILES = 10_000
LONGEST_TEXT = 1000
EVENTS = ("x-gitea-event", "x-gogs-event", "x-github-event", "x-gitlab-event", "x-event-key")
PUSHES = frozenset({"push", "push hook", "repo:push", "repo:refs_changed"})
Held = Mapping[str, object]
NOTHING: Held = {}


def read_build_webhook(request: Request) -> HearWebhook:
    """Read a call of a build's webhook. Faults: Invalid when a JSON body cannot be parsed."""
    return _webhook_call(request, request.parameters["environment"])


def read_pipeline_webhook(request: Request) -> HearWebhook:
    """Read a call of a pipeline's webhook. Faults: Invalid when a JSON body cannot be parsed."""
    return _webhook_call(request, "")


def show_heard(heard: Begun | Skipped) -> Reply:
    """Show the execution that began, or why none did."""
    return json_reply({"id": heard.run} if isinstance(heard, Begun) else {"skipped": heard.why})


def read_of_build(request: Request) -> WebhookNamed:
    """Read which build's webhook is requested."""
    found = request.parameters
    return WebhookNamed(
        origin=request.origin, project=found["project"], environment=found["environment"], name=found["build"]
    )


def read_of_pipeline(request: Request) -> WebhookNamed:
    """Read which trigger of which pipeline is requested."""
    found = request.parameters
    return WebhookNamed(
        origin=request.origin, project=found["project"], name=found["pipeline"], trigger=found["trigger"]
    )


def show_secret(secret: str) -> Reply:
    """Show the secret; no cache may store the answer."""
    plain = json_reply({"webhook_secret": secret})
    return Reply(headers={**plain.headers, "Cache-Control": "no-store"}, body=plain.body)


def push_of(payload: Held, event: str) -> Push:
    """Return the push in a payload. event: from the git host's header, empty when there is none."""
    if event and event.lower() not in PUSHES:
        return Push(no_push=f"event {event[:64]} is no push")
    return replace(_push_of(payload), sender=_sender(payload))


def _sender(payload: Held) -> Sender:
    """Return who pushed, from the fields of GitHub, Gitea, Gogs, GitLab, Bitbucket Cloud and Server."""
    sender, pusher, actor = (_map(payload, name) for name in ("sender", "pusher", "actor"))
    names = (
        *(_text(held, name) for held in (sender, pusher) for name in ("login", "username")),
        *(_text(actor, name) for name in ("nickname", "username", "name")),
        _text(pusher, "name"),
        _text(payload, "user_username"),
    )
    mails = (_text(pusher, "email"), _text(sender, "email"), _text(payload, "user_email"), _text(actor, "emailAddress"))
    return Sender(names=_each_once(names), mails=_each_once(mails))


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _push_of(payload: Held) -> Push:
    if isinstance(payload.get("push"), Mapping):
        return _bitbucket_cloud(_map(payload, "push"))
    if isinstance(payload.get("changes"), list) and "eventKey" in payload:
        return _bitbucket_server(payload)
    return _git_host(payload) if "ref" in payload else _plain(payload)


def _webhook_call(request: Request, environment: str) -> HearWebhook:
    payload = _payload(request)
    event = next((request.header(name) for name in EVENTS if request.header(name)), "")
    return HearWebhook(
        origin=Origin(by=request.principal or WEBHOOK, at=request.now, seed=request.seed),
        project=request.parameters["project"],
        environment=environment,
        code=request.parameters["code"],
        proofs=tuple(_proofs(request)),
        body=request.content,
        push=push_of(payload, event),
        inputs={} if event else _map(payload, "inputs"),
    )


def _payload(request: Request) -> Held:
    if not request.content.strip():
        return NOTHING
    if request.media != FORM:
        return _as_map(parse_json(request.content))
    pairs = dict(request.form())
    return _as_map(parse_json(pairs["payload"].encode())) if "payload" in pairs else pairs


def _proofs(request: Request) -> Iterable[Proof]:
    for name in ("x-hub-signature-256", "x-hub-signature"):
        if text := request.header(name):
            word, _, digest = text.partition("=")
            schemes = {"sha256": Scheme.HMAC_SHA256, "sha1": Scheme.HMAC_SHA1}
            yield Proof(scheme=schemes.get(word.lower(), Scheme.UNKNOWN), text=digest)
    for name in ("x-gitea-signature", "x-gogs-signature"):
        if text := request.header(name):
            yield Proof(scheme=Scheme.HMAC_SHA256, text=text)
    if text := request.header("x-gitlab-token"):
        yield Proof(scheme=Scheme.PLAIN, text=text)


def _git_host(payload: Held) -> Push:
    """Read a push of GitHub, GitLab or Gitea: a ref, the commit after it, and the commits between."""
    ref, commit = _text(payload, "ref"), _text(payload, "after")
    if not ref.startswith(BRANCH):
        return Push(no_push=f"{ref[:100] or 'nothing'} is no branch")
    if payload.get("deleted") is True or (commit and not commit.strip("0")):
        return Push(no_push=f"branch {ref.removeprefix(BRANCH)} was deleted")
    commits = _maps(payload, "commits")
    head = _map(payload, "head_commit") or next((one for one in commits if one.get("id") == commit), NOTHING)
    author = _map(head, "author")
    return Push(
        branch=ref.removeprefix(BRANCH),
        commit=commit,
        author=_text(author, "name") or _text(payload, "user_name"),
        message=_text(head, "message"),
        changed_files=_changed(payload, commits),
    )


def _changed(payload: Held, commits: tuple[Held, ...]) -> tuple[str, ...] | None:
    """Return the files of the commits; None where the list may be incomplete."""
    count = payload.get("total_commits_count", payload.get("total_commits", len(commits)))
    if not commits or count != len(commits) or payload.get("forced") is True or payload.get("created") is True:
        return None
    named = [file for one in commits for kind in ("added", "modified", "removed") for file in _texts(one, kind)]
    lists = all(isinstance(one.get(kind), list) for one in commits for kind in ("added", "modified", "removed"))
    files = tuple(dict.fromkeys(named))
    return files if lists and len(files) <= MOST_FILES else None


def _bitbucket_cloud(push: Held) -> Push:
    changes = [_map(change, "new") for change in _maps(push, "changes")]
    branches = [new for new in changes if _text(new, "type") == "branch"]
    if not branches:
        return Push(no_push="no branch was pushed")
    new = branches[-1]
    target = _map(new, "target")
    author = _map(target, "author")
    return Push(
        branch=_text(new, "name"),
        commit=_text(target, "hash"),
        author=_text(author, "raw") or _text(_map(author, "user"), "display_name"),
        message=_text(target, "message"),
    )


def _bitbucket_server(payload: Held) -> Push:
    changes = [one for one in _maps(payload, "changes") if _text(_map(one, "ref"), "id").startswith(BRANCH)]
    kept = [one for one in changes if _text(one, "type") != "DELETE"]
    if not kept:
        return Push(no_push="no branch was pushed")
    return Push(
        branch=_text(_map(kept[-1], "ref"), "id").removeprefix(BRANCH),
        commit=_text(kept[-1], "toHash"),
        author=_text(_map(payload, "actor"), "displayName"),
    )


def _plain(payload: Held) -> Push:
    files = payload.get("changed_files")
    return Push(
        branch=_text(payload, "branch").removeprefix(BRANCH),
        commit=_text(payload, "commit"),
        author=_text(payload, "author"),
        message=_text(payload, "message"),
        changed_files=_texts(payload, "changed_files") if isinstance(files, list) else None,
    )


def _as_map(value: object) -> Held:
    return value if isinstance(value, Mapping) else NOTHING


def _map(held: Held, name: str) -> Held:
    return _as_map(held.get(name))


def _maps(held: Held, name: str) -> tuple[Held, ...]:
    found = held.get(name)
    return tuple(_as_map(one) for one in found) if isinstance(found, list) else ()


def _text(held: Held, name: str) -> str:
    found = held.get(name)
    return found[:LONGEST_TEXT] if isinstance(found, str) else ""


def _texts(held: Held, name: str) -> tuple[str, ...]:
    found = held.get(name)
    texts = (one for one in found if isinstance(one, str)) if isinstance(found, list) else ()
    return tuple(islice(texts, MOST_FILES + 1))
