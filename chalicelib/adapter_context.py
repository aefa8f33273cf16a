"""What adapters need: this process, its clock and ids, the way to AWS. Which adapter serves which port: adapters.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slipway_formats.frozen import frozen

if TYPE_CHECKING:
    from chalicelib.aws.calls import Aws
    from chalicelib.gateways.issuer_settings import IssuerSettings
    from chalicelib.gateways.live import Sockets
    from chalicelib.gateways.mail_settings import MailSettings
    from chalicelib.store.dynamo.due_memory import DueMemory
    from chalicelib.store.dynamo.tables import Tables
    from chalicelib.use_cases.ports.clock import Clock, Ids

REMEMBERED = 500
POOL_SHARDS = 8
"""Where many processes lease: each reads all of them if the pool is idle."""


@dataclass(slots=True, kw_only=True)
class Process:
    """What this process offers. waits: callers may long-poll here, which Lambda does not support.

    is_alone: no other process saves runs and jobs, so that those last saved here are worth remembering.
    bell: called with the name of a queue after a message was sent to it. sockets: WebSocket connections of this
    process. due: what it has made due, if it is alone.
    """

    waits: bool = False
    is_alone: bool = False
    bell: Callable[[str], None] | None = None
    sockets: Sockets | None = None
    due: DueMemory | None = None

    @property
    def remembered(self) -> int:
        """Return how many open runs, and as many leased jobs, this process remembers as it last saved them."""
        return REMEMBERED if self.is_alone else 0

    @property
    def pool_shards(self) -> int:
        """Return over how many partitions the line of a pool is spread."""
        return 1 if self.is_alone else POOL_SHARDS

    def ring(self, queue: str) -> None:
        """Notify the listener, if there is one."""
        if self.bell is not None:
            self.bell(queue)


@frozen
class AdapterContext:
    """What adapters need. aws: created on first use. prefix: of all resource names.

    calls_private: webhooks may call addresses of this machine and its networks. issuer: of JWTs from outside; None for
    none. mail: how it is sent; None for not at all.
    """

    aws: Callable[[], Aws]
    prefix: str
    clock: Clock
    ids: Ids
    process: Process = field(default_factory=Process)
    calls_private: bool = False
    issuer: IssuerSettings | None = None
    mail: MailSettings | None = None

    def tables(self) -> Tables:
        """Return the tables of the installation."""
        from chalicelib.store.dynamo.tables import Tables

        return Tables(aws=self.aws(), prefix=self.prefix, due=self.process.due)
