"""Many who write one deployment at once, as the builds of one environment do: each of them gets through."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain

from tests.walks.api import Ask
from tests.walks.site import Site

WRITERS, EACH = 12, 15
PATH = "/api/v1/state/crowd/environments/staging/deployments/?deployment=crowd%2Fapp"


def test_twelve_writers_of_one_deployment_all_get_through(site: Site) -> None:
    site.project("crowd", "staging")

    with ThreadPoolExecutor(WRITERS) as pool:
        statuses = list(chain.from_iterable(pool.map(partial(written, site), range(WRITERS))))

    assert statuses == [200] * (WRITERS * EACH)
    state = site.get("/api/v1/state/crowd/environments/staging/?full=true")
    assert state["deployments"]["crowd/app"]["inputs"]["at"] == EACH - 1


def written(site: Site, writer: int) -> list[int]:
    """What answers each of a writer's words."""
    return [site.asks(Ask(method="PUT", path=PATH, body=state_of(writer, number))).status for number in range(EACH)]


def state_of(writer: int, number: int) -> dict[str, object]:
    """What a writer says of the whole deployment."""
    inputs = {"by": writer, "at": number}
    state = {"name": "crowd/app", "release": "crowd/app", "inputs": inputs}
    return {"path": "crowd/app", "root_stage": "", "state": state}
