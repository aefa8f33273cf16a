"""Mail by SMTP."""

import smtplib
from ssl import create_default_context
from urllib.parse import SplitResult, unquote, urlsplit

from chalicelib.gateways.letters import message_of
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.mail import Letter, Mail
from slipway_formats.frozen import frozen
from slipway_formats.override import override

PLAIN, STARTTLS, WHOLLY = "smtp", "smtp+starttls", "smtps"
PORTS = {PLAIN: 25, STARTTLS: 587, WHOLLY: 465}
TIME_LIMIT = 10.0
SENT, LATER = 200, 0
REFUSED = 400
PERMANENT = 500
"""The first of SMTP's codes for what a retry does not help."""


@frozen
class SmtpMail(Mail):
    """Sends by the server of an address such as `smtp+starttls://user:password@mail.example.com:587`.

    sender: as the mail says who wrote it.
    """

    address: str
    sender: str

    def __repr__(self) -> str:
        return f"SmtpMail(sender={self.sender!r})"

    @property
    @override
    def is_set_up(self) -> bool:
        return True

    @override
    def send(self, letter: Letter) -> Called:
        try:
            with _connection(urlsplit(self.address)) as server:
                server.send_message(message_of(letter, self.sender))
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return Called(status=REFUSED if min(codes) >= PERMANENT else LATER, text="refused by the mail server")
        except smtplib.SMTPResponseException as refused:
            is_permanent = refused.smtp_code >= PERMANENT
            return Called(status=REFUSED if is_permanent else LATER, text=f"the mail server said {refused.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Called(status=LATER, text=type(error).__name__)
        return Called(status=SENT)


def _connection(parts: SplitResult) -> smtplib.SMTP:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme == WHOLLY:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIME_LIMIT, context=create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=TIME_LIMIT)
    if parts.scheme == STARTTLS:
        server.starttls(context=create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
