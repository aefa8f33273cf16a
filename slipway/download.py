"""Download a file from an address that the API gives out, and resume after a break."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from slipway import transfer
from slipway.connections import Connections, HttpRequest, content_of, is_success, named
from slipway.transfer import BUSY, PAUSES, TIMEOUT, ExpiredError, Progress, Sleep, TransferError


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where to download a file from. address: called again when the last address has expired."""

    address: Callable[[], str]
    progress: Progress = transfer.silent
    sleep: Sleep = time.sleep


def fetch(source: Source, target: Path) -> None:
    """Download the file; existing content counts as its beginning. Faults: TransferError."""
    url, is_untested, pauses = source.address(), True, iter(PAUSES)
    with Connections() as store:
        while True:
            had = _size(target)
            broken = _fetch_rest(store, url, target, source.progress)
            if broken is None:
                return
            if _size(target) > had:
                # Progress was made: start again with the first pause.
                is_untested, pauses = False, iter(PAUSES)
            if isinstance(broken, ExpiredError) and is_untested:
                raise broken
            pause = next(pauses, None)
            if pause is None:
                raise broken
            source.sleep(pause)
            if isinstance(broken, ExpiredError):
                url, is_untested = source.address(), True


def _fetch_rest(store: Connections, url: str, target: Path, progress: Progress) -> TransferError | None:
    """Return None when complete, or the error if another try may help. Faults: TransferError."""
    have = _size(target)
    try:
        with store.follow(HttpRequest(method="GET", url=url, timeout=TIMEOUT, headers=_headers(have))) as answer:
            if is_success(answer):
                _write(answer, target, have, progress)
                return None
            if have and answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return None
            refused = transfer.refusal(answer.status, "download")
    except HTTPError as error:
        return TransferError(f"the download broke off: {named(error)}")
    if answer.status in BUSY or isinstance(refused, ExpiredError):
        return refused
    raise refused


def _headers(have: int) -> Mapping[str, str]:
    return {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}


def _write(answer: BaseHTTPResponse, target: Path, have: int, progress: Progress) -> None:
    # A store without range support sends the file from the start.
    have = have if answer.status == HTTPStatus.PARTIAL_CONTENT else 0
    whole = have + int(answer.headers.get("Content-Length", 0))
    with target.open("ab" if have else "wb") as file:
        for chunk in content_of(answer, decoded=False):
            file.write(chunk)
            have += len(chunk)
            progress(have, max(whole, have))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
