"""Mail by SMTP, by SES, and kept in a folder: the same letter is the same mail, however often it is sent."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from chalicelib.gateways.letters import message_of
from chalicelib.gateways.mail_settings import MailSettings, checked_mail
from chalicelib.gateways.mailbox import Mailbox
from chalicelib.gateways.no_mail import NoMail
from chalicelib.gateways.ses import SesMail
from chalicelib.gateways.smtp import SmtpMail
from chalicelib.use_cases.ports.mail import Letter
from tests.http_server import LOOKS

LETTER = Letter(
    id="run1.1.s1.1", to=("ada@example.com", "bob@example.com"), subject="Done\nBcc: eve@x.y", text="It is."
)
SENDER = "Slipway <slipway@example.com>"


class Server(socketserver.ThreadingTCPServer):
    """A server of SMTP that answers RCPT as it is told."""

    allow_reuse_address = True

    def __init__(self, refusal: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.refusal, self.kept = refusal, list[bytes]()


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: Server

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self.say("354 go on")
                self.server.kept.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            if word == b"QUIT":
                self.say("221 bye")
                return
            self.say(self.server.refusal if word == b"RCPT" and self.server.refusal else "250 fine")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    made = Server(getattr(request, "param", ""))
    threading.Thread(target=made.serve_forever, args=(LOOKS,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def smtp(server: Server) -> SmtpMail:
    return SmtpMail(address=f"smtp://127.0.0.1:{server.server_address[1]}", sender=SENDER)


def test_a_letter_goes_by_smtp_and_its_headers_are_its_own(server: Server) -> None:
    assert smtp(server).send(LETTER).went_well
    message = message_from_bytes(server.kept[0])
    assert (message["To"], message["From"], message["Bcc"]) == ("ada@example.com, bob@example.com", SENDER, None)
    assert message["Subject"] == "Done Bcc: eve@x.y"
    assert message["Message-ID"] == message_of(LETTER, SENDER)["Message-ID"]


@pytest.mark.parametrize(("server", "is_final"), [("550 nobody", True), ("450 later", False)], indirect=["server"])
def test_what_the_server_refuses_for_good_is_not_tried_again(server: Server, *, is_final: bool) -> None:
    called = smtp(server).send(LETTER)
    assert (called.went_well, called.is_final) == (False, is_final)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    called = SmtpMail(address="smtp://127.0.0.1:9", sender=SENDER).send(LETTER)
    assert (called.went_well, called.is_final) == (False, False)


def test_a_letter_goes_by_ses() -> None:
    calls: list[tuple[str, str, Any]] = []

    class Aws:
        def call(self, *call: Any) -> dict[str, Any]:  # noqa: ANN401 - as Aws.call
            calls.append(call)
            return {}

    fake: Any = Aws()
    assert SesMail(aws=fake, sender=SENDER).send(LETTER).went_well
    service, operation, arguments = calls[0]
    assert (service, operation, arguments["Destination"]) == ("sesv2", "SendEmail", {"ToAddresses": list(LETTER.to)})
    assert b"It is." in arguments["Content"]["Raw"]["Data"]


def test_a_mailbox_keeps_a_letter_once(tmp_path: Path) -> None:
    for _ in range(2):
        assert Mailbox(folder=tmp_path / "mailbox").send(LETTER).went_well
    (kept,) = (tmp_path / "mailbox").iterdir()
    assert message_from_bytes(kept.read_bytes())["Subject"] == "Done Bcc: eve@x.y"


def test_without_a_way_nothing_is_sent() -> None:
    assert not NoMail().is_set_up
    assert not NoMail().send(LETTER).went_well


@pytest.mark.parametrize("way", ["smtp://mail:25", "smtps://u:p@mail", "smtp+starttls://mail", "ses", "folder:/x"])
def test_a_way_that_can_be_gone_is_accepted(way: str) -> None:
    assert checked_mail(MailSettings(way=way, sender="a@b.c")) is not None


@pytest.mark.parametrize(
    ("way", "sender"), [("http://mail", "a@b.c"), ("smtp://", "a@b.c"), ("folder:", ""), ("ses", ""), ("smtp://x", "")]
)
def test_a_way_of_no_use_is_refused_at_the_start(way: str, sender: str) -> None:
    with pytest.raises(ValueError, match="SLIPWAY_MAIL"):
        checked_mail(MailSettings(way=way, sender=sender))


def test_a_password_is_not_shown() -> None:
    settings = MailSettings(way="smtp://ada:s3cret@mail", sender="a@b.c")
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(SmtpMail(address=settings.way, sender="a@b.c"))


def test_no_way_is_no_mail() -> None:
    assert checked_mail(MailSettings(way="")) is None
