"""Read requests about invitations, and show the answers."""

from datetime import timedelta

from chalicelib.dialects.platform.access import shapes
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.credentials.invitations import AcceptInvitation, Invited, InviteUser
from chalicelib.use_cases.ports.access import User


def read_invite(request: Request) -> InviteUser:
    """Read whom to invite, and for how long. Faults: Invalid."""
    body = request.optional_body(shapes.InviteBody)
    name, lifetime = request.parameters["name"], timedelta(seconds=body.expires_in)
    return InviteUser(origin=request.origin, name=name, lifetime=lifetime)


def read_accept(request: Request) -> AcceptInvitation:
    """Read an invitation and the password that is chosen by it. Faults: Invalid."""
    body = request.body(shapes.AcceptBody)
    return AcceptInvitation(text=body.invitation, password=body.password, now=request.now, seed=request.seed)


def show_invited(invited: Invited) -> Reply:
    """Show a new invitation, with its text."""
    expires_at = invited.expires_at.isoformat()
    return json_reply({"user": invited.user, "invitation": invited.text, "expires_at": expires_at})


def show_accepted(user: User) -> Reply:
    """Show who has chosen a password."""
    return json_reply({"name": user.name})
