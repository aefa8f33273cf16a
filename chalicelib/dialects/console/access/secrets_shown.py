"""Make what is shown once, by the use cases of API and command line, and end tokens: then where the form leads to."""

from datetime import datetime

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.use_cases.credentials.invitations import InviteUser, invite_user
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.credentials.tokens import IssueToken, RevokeToken, issue_token, revoke_token
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class MakeToken:
    """Command: a token by a form. back: path of the page of the form."""

    frame: Frame
    command: IssueToken | IssuePersonToken
    back: str


@frozen
class Invite:
    """Command: an invitation by a form. back: as of MakeToken."""

    frame: Frame
    command: InviteUser
    back: str


@frozen
class MakeAccount:
    """Command: a service account by a form. back: as of MakeToken."""

    frame: Frame
    command: CreateServiceAccount
    back: str


@frozen
class Revoke:
    """Command: the end of a token by a form. back: as a place to go on to."""

    command: RevokeToken
    back: str


@frozen
class Shown:
    """A secret that the answer alone shows. then, command: how it is used. page, back: paths.

    page: where it is used; empty for nowhere. back: of its form.
    """

    frame: Frame
    what: str
    text: str
    then: str
    command: str
    page: str = ""
    expires_at: datetime | None
    back: str

    def __repr__(self) -> str:
        return f"Shown(what={self.what!r})"


def make_token(ports: Ports, command: MakeToken) -> Shown:
    """Issue a token and return what is shown of it, once. Faults: those of `issue_token`."""
    issued = issue_token(ports, command.command)
    return Shown(
        frame=command.frame,
        what=f"Token of {issued.token.owner}",
        text=issued.text,
        then="It logs in here in place of a password, and on the command line by",
        command="slipway login URL --token-stdin",
        expires_at=issued.token.expires_at,
        back=command.back,
    )


def invite(ports: Ports, command: Invite) -> Shown:
    """Invite a person and return what is shown of the invitation, once. Faults: those of `invite_user`."""
    invited = invite_user(ports, command.command)
    return Shown(
        frame=command.frame,
        what=f"Invitation of {invited.user}",
        text=invited.text,
        then="Who has it chooses a password by it: on the page of invitations, or by",
        command="slipway login URL --invited",
        page="/invitation",
        expires_at=invited.expires_at,
        back=command.back,
    )


def make_account(ports: Ports, command: MakeAccount) -> Shown:
    """Create a service account and return what is shown of its secret, once. Faults: of `create_service_account`."""
    account, issued = create_service_account(ports, command.command)
    return Shown(
        frame=command.frame,
        what=f"Secret token of {account.project}/{account.name}",
        text=issued.text,
        then="The machine logs in by",
        command=f"slipway login URL --user {account.name}",
        expires_at=issued.token.expires_at,
        back=command.back,
    )


def revoke(ports: Ports, command: Revoke) -> str:
    """Revoke a token and return the place to go on to. Faults: those of `revoke_token`."""
    revoke_token(ports, command.command)
    return command.back
