"""A mail as it is sent: headers and text, the same whenever the same letter is sent."""

from email.message import EmailMessage
from hashlib import sha256

from chalicelib.use_cases.ports.mail import Letter

LONGEST_SUBJECT = 300


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return the mail of a letter. Its Message-ID follows from the letter, so that a reader sees it once."""
    host = sender.rpartition("@")[2].strip("<> ") or "slipway"
    message = EmailMessage()
    message["Subject"] = " ".join(letter.subject.split())[:LONGEST_SUBJECT]
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Message-ID"] = f"<{name_of(letter)}@{host}>"
    message.set_content(letter.text or letter.subject)
    return message


def name_of(letter: Letter) -> str:
    """Return the name of a letter: always the same, 32 characters."""
    return sha256(letter.id.encode()).hexdigest()[:32]
