"""The whole table over fakes, and a transcript of what was said to the console's rows: their pages are golden."""

from dataclasses import dataclass

from tests.dialects.platform.site import Site as PlatformSite
from tests.http.house import Answered


@dataclass
class Site(PlatformSite):
    """A world that writes down what is asked of it. Forms are sent as browsers send them."""

    def send(self, target: str, form: str, *, by: str, **headers: str) -> Answered:
        """The answer to a form."""
        media = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", target, form.encode(), by=by, **media, **headers)
