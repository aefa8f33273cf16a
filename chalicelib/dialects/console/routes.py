"""All rows of the console."""

from chalicelib.dialects.console.access import routes as access
from chalicelib.dialects.console.audit import routes as audit
from chalicelib.dialects.console.calendar import routes as calendar
from chalicelib.dialects.console.deploys import routes as deploys
from chalicelib.dialects.console.differences import routes as differences
from chalicelib.dialects.console.find import routes as find
from chalicelib.dialects.console.home import routes as home
from chalicelib.dialects.console.inbox import routes as inbox
from chalicelib.dialects.console.insights import routes as insights
from chalicelib.dialects.console.login import routes as login
from chalicelib.dialects.console.logs import routes as logs
from chalicelib.dialects.console.projects import routes as projects
from chalicelib.dialects.console.release import routes as release
from chalicelib.dialects.console.releases import routes as releases
from chalicelib.dialects.console.runners import routes as runners
from chalicelib.dialects.console.runs import routes as runs
from chalicelib.dialects.console.search import routes as search
from chalicelib.dialects.console.static import routes as static
from chalicelib.dialects.console.tasks import routes as tasks
from chalicelib.dialects.console.trains import routes as trains

OPERATIONS = (
    *home.OPERATIONS,
    *inbox.OPERATIONS,
    *login.OPERATIONS,
    *find.OPERATIONS,
    *runs.OPERATIONS,
    *logs.OPERATIONS,
    *calendar.OPERATIONS,
    *runners.OPERATIONS,
    *projects.OPERATIONS,
    *differences.OPERATIONS,
    *deploys.OPERATIONS,
    *audit.OPERATIONS,
    *access.OPERATIONS,
    *search.OPERATIONS,
    *releases.OPERATIONS,
    *release.OPERATIONS,
    *insights.OPERATIONS,
    *trains.OPERATIONS,
    *tasks.OPERATIONS,
    *static.OPERATIONS,
)
