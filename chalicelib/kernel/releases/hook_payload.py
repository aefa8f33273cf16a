"""What hooks are told of an upload: Escape's payload, and the message that Slack takes. Whom they may name: call_hooks.

Source of the fields: Escape inventory 0.16.12 and its notification service.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.hook import SLACK, URL, Hooks
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.kernel.releases.release_id import of_version

EVENT = "NEW_UPLOAD"
LARGEST_DOWNSTREAM = 100_000
"""Characters of the hooks of other applications that a payload names; all of them are called."""


@frozen
class UploadNews:
    """What is told. by: who uploaded. namespace, unit, downstream: the hooks of each, without their secrets."""

    release: ReleaseKey
    by: str
    namespace: Hooks
    unit: Hooks
    downstream: Sequence[Hooks] = ()


def told(news: UploadNews, kind: str, settings: Mapping[str, str]) -> str:
    """Answers the body of a call of a hook of this kind, as JSON. settings: of the hook."""
    return json.dumps(_slack(news, settings) if kind == SLACK else _payload(news), ensure_ascii=False)


def _payload(news: UploadNews) -> Mapping[str, object]:
    return {
        "event": EVENT,
        "project": news.release.namespace,
        "project_hooks": news.namespace,
        "unit": news.release.application,
        "unit_hooks": news.unit,
        "downstream_hooks": list(_fitting(news.downstream)),
        "version": f"v{news.release.version}",
        "release": _release(news),
        "username": news.by,
    }


def _fitting(downstream: Sequence[Hooks]) -> Iterator[Hooks]:
    left = LARGEST_DOWNSTREAM
    for hooks in downstream:
        left -= len(json.dumps(hooks))
        if left < 0:
            return
        yield hooks


def _slack(news: UploadNews, settings: Mapping[str, str]) -> Mapping[str, object]:
    more = {key: value for key, value in settings.items() if key != URL and value}
    return {"text": _escaped(f"{news.by} uploaded {_release(news)}"), **more}


def _release(news: UploadNews) -> str:
    return of_version(news.release.namespace, news.release.application, news.release.version)


def _escaped(text: str) -> str:
    """As Slack wants text that is no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
