"""Where a service answers, and what of a request or an answer is the platform's own business."""

from dataclasses import dataclass

from infra.local.api.gateway import Call
from infra.local.pod_networks import PodAddress

CREDENTIALS = frozenset({"authorization", "x-escape-token", "x-apikey", "identity", "x-identity-secret"})
COOKIES = frozenset({"x-escape-token", "authtoken"})
"""Names of the platform's cookies, in lower case: services neither see nor set them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a service answers. timeout: seconds until its answer must begin. pods: where its pods do."""

    prefix: str
    rewrite: str
    timeout: float
    is_sticky: bool
    pods: tuple[PodAddress, ...]


def caller_of(call: Call) -> str:
    """Identify a caller by what they show; those who show nothing, by where they come from."""
    shown = [f"{name}:{value}" for name, value in call.headers if name in CREDENTIALS or name == "cookie"]
    return "\n".join(shown) or call.caller
