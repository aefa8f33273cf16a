"""Mail that is kept in a folder instead of being sent: one file for each letter."""

from pathlib import Path

from chalicelib.gateways.letters import message_of, name_of
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter, Mail
from slipway_formats.frozen import frozen
from slipway_formats.override import override

SENDER = "Slipway <slipway@localhost>"
KEPT = 200


@frozen
class Mailbox(Mail):
    """Keeps mail in a folder. A letter that comes twice is there once."""

    folder: Path

    @property
    @override
    def is_set_up(self) -> bool:
        return True

    @override
    def send(self, letter: Letter) -> Called:
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = self.folder / f"{name_of(letter)}.eml"
        part = whole.with_suffix(".part")
        if not whole.exists():
            part.write_bytes(message_of(letter, SENDER).as_bytes())
            part.replace(whole)
        return Called(status=KEPT)
