"""What hooks are told of an upload: Escape's payload, and the message that Slack takes. Whom they may name: call_hooks.

Source of the fields: Escape inventory 0.16.12 and its notification service.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.hook import SLACK, URL, Hooks
from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.release_id import of_version

EVENT = "NEW_UPLOAD"
LARGEST_DOWNSTREAM = 100_000
"""Characters of the hooks of other applications that a payload names; all of them are called."""


@frozen
class HookPayload:
    """What is told. by: who uploaded. namespace, unit, downstream: the hooks of each, without their secrets."""

    release: ReleaseKey
    by: str
    namespace: Hooks
    unit: Hooks
    downstream: Sequence[Hooks] = ()


def request_body(payload: HookPayload, kind: str, settings: Mapping[str, str]) -> str:
    """Answers the body of a call of a hook of this kind, as JSON. settings: of the hook."""
    return json.dumps(_slack(payload, settings) if kind == SLACK else _payload(payload), ensure_ascii=False)


def _payload(payload: HookPayload) -> Mapping[str, object]:
    return {
        "event": EVENT,
        "project": payload.release.namespace,
        "project_hooks": payload.namespace,
        "unit": payload.release.application,
        "unit_hooks": payload.unit,
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
    """As Slack wants text that is no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
