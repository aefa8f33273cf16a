"""Roles of pipelines of gates and of the trains that travel them."""

from chalicelib.kernel.plans.plan import DecidedBy
from slipway_formats.frozen import frozen


@frozen
class PipelineRole:
    """A role: who decides, and to whom its notifications go. emails: mail addresses."""

    name: str
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    def decided_by(self, *, all_teams: bool = False) -> DecidedBy:
        """Return the members of the role as those who decide about a node."""
        return DecidedBy(users=self.users, teams=self.groups, all_teams=all_teams)
