"""Binds the port for mail to its adapter: by SMTP, by SES, kept in a folder, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.adapter_context import AdapterContext
    from chalicelib.use_cases.ports.mail import Mail


def mail(context: AdapterContext) -> Mail:
    """Return the adapter of the port Mail, by the settings of the installation."""
    from chalicelib.gateways.mail_settings import FOLDER, SES

    settings = context.mail
    if settings is None:
        from chalicelib.gateways.no_mail import NoMail

        return NoMail()
    if settings.way == SES:
        from chalicelib.gateways.ses import SesMail

        return SesMail(aws=context.aws(), sender=settings.sender)
    if settings.way.startswith(FOLDER):
        from chalicelib.gateways.mailbox import Mailbox

        return Mailbox(folder=Path(settings.way.removeprefix(FOLDER)))
    from chalicelib.gateways.smtp import SmtpMail

    return SmtpMail(address=settings.way, sender=settings.sender)
