"""Bodies of webhook calls after an upload: Escape's payload, and Slack's message.

Which hooks a payload may name is decided in use_cases/releases/call_hooks.py. Source of the fields: Escape inventory
0.16.12 and its notification service.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kernel.releases.hook import SLACK, URL, Hooks
from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.frozen import frozen
from slipway_formats.release_id import of_version

EVENT = "NEW_UPLOAD"
LARGEST_DOWNSTREAM = 100_000
"""How many characters of downstream hooks a payload lists; all of them are called."""


@frozen
class HookPayload:
    """The content of a call. by: uploader. namespace, application, downstream: hooks, without secrets."""

    release: ReleaseKey
    by: str
    namespace: Hooks
    application: Hooks
    downstream: Sequence[Hooks] = ()


def request_body(payload: HookPayload, kind: str, settings: Mapping[str, str]) -> str:
    """Return the JSON body to POST to a hook of this kind. settings: the hook's settings."""
    return json.dumps(_slack(payload, settings) if kind == SLACK else _payload(payload), ensure_ascii=False)


def _payload(payload: HookPayload) -> Mapping[str, object]:
    return {
        "event": EVENT,
        "project": payload.release.namespace,
        "project_hooks": payload.namespace,
        "unit": payload.release.application,
        "unit_hooks": payload.application,
        "downstream_hooks": list(_fitting(payload.downstream)),
        "version": f"v{payload.release.version}",
        "release": _release(payload),
        "username": payload.by,
    }


def _fitting(downstream: Sequence[Hooks]) -> Iterator[Hooks]:
    left = LARGEST_DOWNSTREAM
    for hooks in downstream:
        left -= len(json.dumps(hooks))
        if left < 0:
            return
        yield hooks


def _slack(payload: HookPayload, settings: Mapping[str, str]) -> Mapping[str, object]:
    more = {key: value for key, value in settings.items() if key != URL and value}
    return {"text": _escaped(f"{payload.by} uploaded {_release(payload)}"), **more}


def _release(payload: HookPayload) -> str:
    return of_version(payload.release.namespace, payload.release.application, payload.release.version)


def _escaped(text: str) -> str:
    """Escape text for Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
