"""What a reader chose in the inbox, as its forms say it: a node of a run, and the change set that was shown."""

from chalicelib.kernel.faults import Invalid
from slipway_formats.frozen import frozen

LONGEST_NUMBER = 8


@frozen
class Chosen:
    """A node that waits. digest: of the change set that the reader saw; empty for none."""

    run: str
    execution: int
    digest: str
    node: str

    def __str__(self) -> str:
        """Return it as a form says it."""
        return f"{self.run}/{self.execution}/{self.digest}/{self.node}"


def chosen_in(text: str) -> Chosen:
    """Return what a form says. Faults: Invalid."""
    run, execution, digest, node = (*text.split("/", 3), "", "", "", "")[:4]
    is_number = execution.isascii() and execution.isdigit() and len(execution) <= LONGEST_NUMBER
    if not run or not node or not is_number:
        raise Invalid.single("chosen", "should be something that waits, as the inbox shows it")
    return Chosen(run=run, execution=int(execution), digest=digest, node=node)
