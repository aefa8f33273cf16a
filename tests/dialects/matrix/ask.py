"""What is asked of a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.dialects.matrix.callers import KNOWN, READERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a row.

    where: parameters other than the usual. who: those known callers for whom it is done, where the permission lets in
    more. unseen: those for whom what is asked about does not exist, and how they are answered. shows: what who may
    read sees and the unseen do not. secret: what writers alone see. differs: why outsiders are not answered as in the
    empty world.
    """

    body: object = None
    query: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    who: frozenset[str] | None = None
    unseen: frozenset[str] = KNOWN - READERS
    unseen_status: int = 404
    shows: str = ""
    secret: str = ""
    differs: str = ""
