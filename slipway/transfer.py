"""Moving package files to and from the addresses that the API gives out: without our token, in parts, tried again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

Progress = Callable[[int, int], None]
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_BUSY = frozenset({408, 429, 500, 502, 503, 504})


class TransferError(Exception):
    """A file could not be moved; the message says where it stopped, without the address, which is a secret."""


def silent(_: int, __: int) -> None:
    """The progress that nobody watches."""


def fetch(url: str, target: Path, progress: Progress = silent, sleep: Callable[[float], None] = time.sleep) -> None:
    """Write what an address answers to a file; after a break it goes on where it was. Faults: TransferError."""
    target.unlink(missing_ok=True)
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as store:
        for pause in (*_PAUSES, None):
            try:
                _fetch_rest(store, url, target, progress)
            except httpx.TransportError as error:
                if pause is None:
                    raise TransferError(f"the download broke off: {_named(error)}") from error
                sleep(pause)
            else:
                return


def send_part(store: httpx.Client, url: str, content: bytes, sleep: Callable[[float], None] = time.sleep) -> str:
    """Put one part where it belongs; the ETag that answers it. Faults: TransferError."""
    pauses = iter(_PAUSES)
    while True:
        etag, said, may_help = _put(store, url, content)
        if etag:
            return etag
        pause = next(pauses, None) if may_help else None
        if pause is None:
            raise TransferError(f"the upload broke off: {said}")
        sleep(pause)


def store_client() -> httpx.Client:
    """What parts are sent with."""
    return httpx.Client(timeout=_TIMEOUT)


def parts_of(path: Path, size: int) -> Iterator[bytes]:
    """The file's content in parts of a size; of an empty file one that is empty."""
    with path.open("rb") as file:
        content = file.read(size)
        yield content
        while content := file.read(size):
            yield content


def _put(store: httpx.Client, url: str, content: bytes) -> tuple[str, str, bool]:
    """The ETag, or blank; what was said instead; and whether trying again may help."""
    try:
        answer = store.put(url, content=content)
    except httpx.TransportError as error:
        return "", _named(error), True
    etag = answer.headers.get("ETag", "") if answer.is_success else ""
    return etag, f"the store answers {answer.status_code}", answer.status_code in _BUSY


def _fetch_rest(store: httpx.Client, url: str, target: Path, progress: Progress) -> None:
    have = target.stat().st_size if target.exists() else 0
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    with store.stream("GET", url, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return
        if not answer.is_success:
            raise TransferError(f"the store answers {answer.status_code}")
        # A store that knows no ranges begins anew.
        have = have if answer.status_code == httpx.codes.PARTIAL_CONTENT else 0
        whole = have + int(answer.headers.get("Content-Length", 0))
        with target.open("ab" if have else "wb") as file:
            for chunk in answer.iter_raw():
                file.write(chunk)
                have += len(chunk)
                progress(have, max(whole, have))


def _named(error: httpx.TransportError) -> str:
    return str(error) or type(error).__name__
