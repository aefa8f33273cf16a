"""The secret of a webhook, shown or made anew."""

from slipway.cli.show import output


def show_webhook_secret(path: str, *, rotate: bool) -> None:
    """Show what a git host is to sign with. path: of the secret. rotate: a new one is made."""
    with output.the_client() as api:
        shown = api.post(path) if rotate else api.get(path)
    output.show(shown, lambda: str(shown["webhook_secret"]))
