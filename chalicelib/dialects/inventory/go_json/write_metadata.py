"""Show release metadata with Escape's fields in Escape's order; some fields are omitted when empty."""

from chalicelib.http.reply import Json
from slipway_formats.release import Metadata
from slipway_formats.release_writer import write, write_value

ALWAYS = frozenset({"eval_before_dependencies"})
"""Fields that the CLI omits when false, but the inventory always shows."""


def shown_metadata(metadata: Metadata) -> dict[str, Json]:
    """Return the metadata as JSON."""
    shown: dict[str, Json] = {}
    for name, value in write(metadata, ALWAYS).items():
        shown[name] = value
        if name == "git_revision":
            # The original misspells the name, and clients read it so.
            shown["gt_revision"] = value
    return shown


def shown_value(value: object) -> Json:
    """Return a value or a part of the metadata as JSON."""
    shown: Json = write_value(value, ALWAYS)
    return shown
