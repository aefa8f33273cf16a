"""What a webhook call says: which branches were pushed, by whom. What that begins: hear_webhook.py."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.incoming_webhooks.proofs import Proof
from slipway_formats.frozen import frozen


@frozen
class Sender:
    """Who pushed, as the git host identifies them. mails: those of their account, not those in commits."""

    names: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


NOBODY = Sender()


@frozen
class Push:
    """A branch that was pushed, as far as the payload says. changed_files: None if unknown, never empty.

    repository: its name alone, as both the payload and an address tell it; blank if unknown. asks_to_skip: the message
    of a host's newest commit says so.
    """

    branch: str = ""
    commit: str = ""
    author: str = ""
    message: str = ""
    changed_files: tuple[str, ...] | None = None
    repository: str = ""
    asks_to_skip: bool = False


@frozen
class Pushes:
    """All branches of a payload. none: why there are none. is_of_host: a git host sent it, not somebody by hand.

    sender: trustworthy only if the payload is signed. delivery: an id of the call, the same when it comes again.
    """

    branches: tuple[Push, ...] = ()
    none: str = ""
    is_of_host: bool = False
    sender: Sender = NOBODY
    delivery: str = ""


@frozen
class HearWebhook:
    """A webhook call. environment: empty for a pipeline's. contents: what may be signed, body or JSON in a form."""

    origin: Origin
    project: str
    environment: str
    code: str
    proofs: tuple[Proof, ...]
    contents: tuple[bytes, ...]
    pushes: Pushes
    inputs: Mapping[str, object] = field(default_factory=dict)
