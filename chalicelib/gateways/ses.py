"""Mail by Amazon SES."""

from chalicelib.aws.calls import Aws, Refused
from chalicelib.gateways.letters import message_of
from chalicelib.kernel.faults import Throttled, Unavailable
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter, Mail
from slipway_formats.frozen import frozen
from slipway_formats.override import override

SENT, LATER, REFUSED = 200, 0, 400


@frozen
class SesMail(Mail):
    """Sends from an address that SES has verified."""

    aws: Aws
    sender: str

    @property
    @override
    def is_set_up(self) -> bool:
        return True

    @override
    def send(self, letter: Letter) -> Called:
        arguments = {
            "FromEmailAddress": self.sender,
            "Destination": {"ToAddresses": list(letter.to)},
            "Content": {"Raw": {"Data": message_of(letter, self.sender).as_bytes()}},
        }
        try:
            self.aws.call("sesv2", "SendEmail", arguments)
        except (Throttled, Unavailable) as error:
            return Called(status=LATER, text=error.message)
        except Refused as refused:
            return Called(status=REFUSED, text=refused.code)
        return Called(status=SENT)
