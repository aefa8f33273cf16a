"""No mail: for installations that are not set up for it."""

from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter, Mail
from slipway_formats.frozen import frozen
from slipway_formats.override import override

REFUSED = 400


@frozen
class NoMail(Mail):
    """Sends nothing, and says so."""

    @property
    @override
    def is_set_up(self) -> bool:
        return False

    @override
    def send(self, letter: Letter) -> Called:
        return Called(status=REFUSED, text="mail is not set up here")
