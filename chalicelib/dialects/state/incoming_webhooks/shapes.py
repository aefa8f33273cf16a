"""Shape of the answer to a webhook call."""

from chalicelib.http.shape import Shape


class Heard(Shape):
    """The executions that a webhook started, or why it started none. id: the first of them. ids: one of each branch."""

    id: str = ""
    ids: list[str] = []
    skipped: str = ""


class WebhookSecretShape(Shape):
    """The secret with which a git host signs."""

    webhook_secret: str
