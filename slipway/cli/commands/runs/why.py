"""`slipway why`: what holds a run."""

from __future__ import annotations

import click

from slipway.cli.input.options import json_option, run_argument
from slipway.cli.show import output
from slipway.cli.web import open_page, page_of_run, web_option


@click.command()
@run_argument
@web_option
@json_option
def why(*, reference: str, web: bool) -> None:
    """Why RUN does not go on, who may act, and what to do next; of one that failed, the last lines of its log.

    Example: slipway why shop/delivery
    """
    from slipway.cli.runs.read import run_id, shown_run
    from slipway.cli.runs.screens import drawing
    from slipway.cli.runs.view import run_view
    from slipway.cli.runs.why import Why, tree
    from slipway.client import segment

    with output.the_client() as api:
        run = run_id(api, reference)
        if web:
            open_page(page_of_run(run))
            return
        shown = api.get(f"/api/v1/runs/{segment(run)}/explain")
        title = run_view(shown_run(api, run)).title
    output.show(shown, lambda: tree(Why(title=title, shown=shown), drawing()))
