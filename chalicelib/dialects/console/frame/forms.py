"""How rows take the forms of pages."""

from chalicelib.http.operation import Schema
from chalicelib.http.request import FORM as MEDIA

FORM = Schema(status=303, body=dict[str, str], takes=MEDIA)
"""A form is answered by leading to the page that shows what is so now."""
