"""What all sweeps do with what they find due."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.use_cases.ports.runs import Due


def always(_due: Due) -> bool:
    """Accept everything that is due."""
    return True


def enqueue_due(found: Iterable[Due], enqueue: Callable[[str, datetime], None], is_new: Callable[[Due], bool]) -> int:
    """Enqueue what was found to be due and was not enqueued just now; return how many."""
    new = [due for due in found if is_new(due)]
    for due in new:
        enqueue(due.id, due.at)
    return len(new)
