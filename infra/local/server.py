"""The server process (`python -m infra.local.server`): the app on the local port, pollers and schedules.

It creates the resources and, where an older version lost a second, recovers the store before it serves requests.
"""

import contextlib
import gc
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from chalicelib import wiring
from chalicelib.aws.calls import Refused
from chalicelib.kernel.access.token import text_of
from chalicelib.kernel.faults import Fault
from infra.local import functions, home, open_files, settings
from infra.local.api.asgi import UNAVAILABLE, LocalPort
from infra.local.api.gateway import Answer, Answering, Call, gateway_of
from infra.local.api.protocol import PatientProtocol
from infra.local.api.proxy import ServiceProxy
from infra.local.api.sockets import Live, sockets_of
from infra.local.api.threads import Threads
from infra.local.emulator import keys, older_state
from infra.local.functions import Cloud
from infra.local.settings import Settings
from infra.local.workers.in_flight import InFlightJournal, crashed, journal_in
from infra.local.workers.queues import Poller, Sqs, WakeUp, show_again
from infra.local.workers.schedule import Clockwork

# Who waits for a job, or for a password to be verified, needs none; who waits for the store does.
THREADS = 48
LONGEST_START = 60.0
LONGEST_STOP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Everything that wakes functions in the server process: pollers of queues, and schedules."""

    pollers: Mapping[str, Poller]
    clockworks: tuple[Clockwork, ...]

    def start(self) -> None:
        """Start all pollers and schedules."""
        for poller in self.pollers.values():
            poller.start()
        for clockwork in self.clockworks:
            clockwork.start()

    def wake(self, queue: str) -> None:
        """Have the function of this queue poll it now; no effect on a queue without a poller."""
        if queue in self.pollers:
            self.pollers[queue].wake()

    def stop(self) -> None:
        """Begin nothing more, and wait for running batches for a limited time."""
        for clockwork in self.clockworks:
            clockwork.stop()
        for poller in self.pollers.values():
            poller.stop()
        for poller in self.pollers.values():
            poller.join(LONGEST_STOP / 2)


def main(name: str, kept: Path | None) -> None:
    """Serve until stopped by a signal. kept: the folder of our own emulator."""
    # Until it serves: what is imported and made here stays.
    gc.disable()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    open_files.raise_limit()
    cloud, here = functions.cloud_named(name), settings.read(os.environ)
    if kept:
        os.environ.update(keys.as_environment(keys.kept_in(here.home)))
    app = functions.find(cloud.app)
    sqs = partial(wiring.aws().call, "sqs")
    _wait_for_aws(here.aws_endpoint)
    _prepare(cloud, here, sqs)
    behind, live = _behind(cloud, sqs, journal_in(here.home / "flight")), Live()
    # First: what is made by then takes this process for one of many.
    functions.call(cloud.join, behind.wake, live)
    _go_on(cloud, kept)
    _let_in(cloud, here.home)
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="call")
    gateway, calls = gateway_of(app), Threads(threads)
    port = LocalPort(
        gateway=gateway,
        sockets=sockets_of(app, live, threads),
        threads=calls,
        services=_proxy(here, partial(_answer, calls, gateway)) if cloud.serves_services else None,
        largest_body=functions.find(cloud.largest_body) if cloud.largest_body else None,
    )
    behind.start()
    _serve(port, here.port)
    _end_in_time()
    behind.stop()
    logging.shutdown()
    # A call may still wait for a job in a thread that cannot be stopped; its client is gone.
    os._exit(0)


def _proxy(here: Settings, answer: Callable[[Call], Awaitable[Answer]]) -> ServiceProxy:
    return ServiceProxy(ask=answer, networks=here.pod_networks)


async def _answer(threads: Threads, gateway: Answering, call: Call) -> Answer:
    return await threads.answer(call, gateway.answer) or UNAVAILABLE


def _prepare(cloud: Cloud, here: Settings, sqs: Sqs) -> None:
    """Create missing resources, and make messages visible again that a killed process had received."""
    functions.call(cloud.create, here.aws_endpoint)
    for address, handles in crashed(here.home / "flight"):
        # A queue or a message that is gone needs nothing.
        with contextlib.suppress(Refused, Fault):
            show_again(sqs, address, handles, after=0)


def _go_on(cloud: Cloud, kept: Path | None) -> None:
    """Recover from what an older version lost, otherwise resume open runs."""
    if kept and older_state.owes_recovery(kept):
        functions.call(cloud.recover)
        older_state.recovered(kept)
    else:
        functions.call(cloud.resume)


def _let_in(cloud: Cloud, folder: Path) -> None:
    """Register the stored admin token. It is stored first, so that a kill in between locks no user out."""
    kept = home.admin_token(folder) or text_of(secrets.token_urlsafe(32))
    home.keep_admin_token(folder, kept)
    functions.call(cloud.admit, kept)
    if runner := functions.call(cloud.admit_runner, home.runner_token(folder)):
        home.keep_runner_token(folder, runner)


def _behind(cloud: Cloud, sqs: Sqs, journal: InFlightJournal) -> Behind:
    prefix = os.environ.get("SLIPWAY_PREFIX", "slipway-")
    pollers = [
        Poller(
            name=prefix + row.queue,
            function=row.handler,
            handler=functions.find(row.handler),
            sqs=sqs,
            journal=journal,
            wake_up=WakeUp(row.workers),
            workers=row.workers,
            batch=row.batch,
        )
        for row in cloud.queues
    ]
    clockworks = [
        Clockwork(function=row.handler, handler=functions.find(row.handler), every=row.every, turns=row.turns)
        for row in cloud.schedules
    ]
    return Behind(pollers={poller.name: poller for poller in pollers}, clockworks=tuple(clockworks))


def _wait_for_aws(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    deadline = time.monotonic() + LONGEST_START
    while True:
        connection = kind(parts.hostname or "", parts.port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, HTTPException) as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"nothing answers for AWS at {endpoint}: {error}") from error
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()


def _serve(port: LocalPort, number: int) -> None:
    config = uvicorn.Config(
        port,
        host="127.0.0.1",
        port=number,
        loop="uvloop",
        http=PatientProtocol,
        ws="websockets-sansio",
        # As long as API Gateway keeps an idle connection: a viewer who reads slowly is no dead one.
        ws_ping_timeout=600,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
    gc.collect()
    gc.freeze()
    gc.enable()
    # uvicorn raises the signal again once it has stopped; the pollers have to be stopped first.
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, signal.SIG_IGN)
    uvicorn.Server(config).run()


def _end_in_time() -> None:
    """End the process after a time limit, even if something hangs."""
    last = threading.Timer(LONGEST_STOP, os._exit, (1,))
    last.daemon = True
    last.start()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else None)
