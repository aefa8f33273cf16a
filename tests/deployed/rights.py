"""The rights of the policies, one by one, and which of them the record of IAM knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infra.policies import functions
from infra.policies.rights import RECEIVE, SEND, Rights
from infra.resources import QUEUES
from tests.deployed.stack import Check

OF_FUNCTIONS = {
    "api": functions.API,
    "advance": functions.ADVANCE,
    "effects": functions.EFFECTS,
    "checks": functions.CHECKS,
    "live": functions.LIVE,
    "pages": functions.PAGES,
    "sweep": functions.SWEEP,
}


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One action of a function. of: the resource, a pattern of its ARN behind the prefix of the stack."""

    function: str
    action: str
    of: str

    def is_seen_in(self, check: Check) -> bool:
        """Whether this is what the check allowed."""
        is_of = check.decision == "Allow" and (check.function, check.action) == (self.function, self.action)
        return is_of and re.search(f"[:/][a-z]+-{self.of}$", check.resource) is not None


def rights() -> Iterator[Right]:
    """Every right of every function."""
    for name, allowed in OF_FUNCTIONS.items():
        yield from (Right(name, action, of) for action, of in _of(allowed))


def _of(allowed: Rights) -> Iterator[tuple[str, str]]:
    for table, actions in allowed.tables.items():
        yield from ((f"dynamodb:{action}", table) for action in actions)
    for table, indexes in allowed.indexes.items():
        yield from (("dynamodb:Query", f"{table}/index/{index}") for index in indexes)
    for queues, actions in ((allowed.sends, SEND), (allowed.receives, RECEIVE)):
        yield from ((f"sqs:{action}", _full_name(queue)) for queue in queues for action in actions)
    for prefix, actions in allowed.objects.items():
        yield from ((f"s3:{action}", f"packages/{prefix}.*") for action in actions)
    yield from ((f"secretsmanager:{action}", ".*") for action in allowed.secrets)


def _full_name(queue: str) -> str:
    return next(one.full_name for one in QUEUES if one.name == queue)
