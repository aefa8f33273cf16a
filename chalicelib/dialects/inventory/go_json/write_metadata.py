"""How a release's metadata is shown: as the model writes it, and what Escape's inventory does otherwise."""

from chalicelib.http.reply import Json
from slipway_formats.release import Metadata
from slipway_formats.release_writer import write, write_value

ALWAYS = frozenset({"eval_before_dependencies"})
"""The CLI leaves it out when false, the inventory never."""


def shown_metadata(metadata: Metadata) -> dict[str, Json]:
    """The metadata as clients read it."""
    shown: dict[str, Json] = {}
    for name, value in write(metadata, ALWAYS).items():
        shown[name] = value
        if name == "git_revision":
            # The seed prints the name with a slip, and clients read it so.
            shown["gt_revision"] = value
    return shown


def shown_value(value: object) -> Json:
    """A value or a part of the metadata alone."""
    shown: Json = write_value(value, ALWAYS)
    return shown
