"""The port for mail."""

from typing import Protocol

from chalicelib.use_cases.ports.clock import Called
from slipway_formats.frozen import frozen


@frozen
class Letter:
    """A mail. id: of the effect that it is; sent twice, it is the same mail."""

    id: str
    to: tuple[str, ...]
    subject: str
    text: str


class Mail(Protocol):
    """Sends mail, where the installation is set up for it."""

    @property
    def is_set_up(self) -> bool:
        """Whether mail can be sent."""

    def send(self, letter: Letter) -> Called:
        """Send within a time limit; never raises because of what the other side does."""
