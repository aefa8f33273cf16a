"""Shape of the answer to a webhook call."""

from chalicelib.http.shape import Shape


class Heard(Shape):
    """The execution that a webhook began, or why it began none."""

    id: str = ""
    skipped: str = ""


class WebhookSecretShape(Shape):
    """What a git host is to sign with."""

    webhook_secret: str
