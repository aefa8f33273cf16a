"""How an installation sends mail, as its settings say."""

from urllib.parse import urlsplit

from slipway_formats.frozen import frozen

SES = "ses"
FOLDER = "folder:"
SCHEMES = ("smtp", "smtp+starttls", "smtps")


@frozen
class MailSettings:
    """Where mail goes. way: the address of an SMTP server, `ses`, or `folder:` and a path. sender: who writes it."""

    way: str
    sender: str = ""

    def __repr__(self) -> str:
        return f"MailSettings(sender={self.sender!r})"  # an address of SMTP has a password


def checked_mail(settings: MailSettings) -> MailSettings | None:
    """Return the settings; None where no mail is sent. Raises ValueError where they are of no use."""
    if not settings.way:
        return None
    is_folder = settings.way.startswith(FOLDER) and len(settings.way) > len(FOLDER)
    if not (is_folder or settings.way == SES or _is_server(settings.way)):
        schemes = ", ".join(f"{one}://host" for one in SCHEMES)
        raise ValueError(f"SLIPWAY_MAIL should be {schemes}, {SES} or {FOLDER}PATH")
    if not is_folder and "@" not in settings.sender:
        raise ValueError("SLIPWAY_MAIL_FROM should be the address of who writes")
    return settings


def _is_server(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
