"""Shares of outgoing calls: who has all of theirs waits a little, in a line that is no longer than the share."""

import threading
import time
from collections.abc import Hashable

import pytest

from chalicelib.gateways.shares import Shares
from chalicelib.kernel.faults import Unavailable


def test_no_more_wait_than_may_call() -> None:
    shares, waits = Shares(30.0), threading.Event()
    limits: dict[Hashable, int] = {"web": 1}

    def wait_in_line() -> None:
        waits.set()
        with shares.one_of(limits):
            pass

    with shares.one_of(limits):
        waiter = threading.Thread(target=wait_in_line)
        waiter.start()
        waits.wait(10)
        time.sleep(0.1)
        begun = time.monotonic()
        with pytest.raises(Unavailable), shares.one_of(limits):
            pass
        with shares.one_of({"other": 1}):
            pass
        assert time.monotonic() - begun < 5.0

    waiter.join(10)
    assert not waiter.is_alive()
