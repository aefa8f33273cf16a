"""Shape of the answer to a webhook call."""

from chalicelib.http.shape import Shape


class Heard(Shape):
    """The execution that a webhook started, or why it started none."""

    id: str = ""
    skipped: str = ""


class WebhookSecretShape(Shape):
    """The secret with which a git host signs."""

    webhook_secret: str
