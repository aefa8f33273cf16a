"""How a release's metadata is read, as Escape's core does. Which may be registered the kernel says."""

from dataclasses import replace

from chalicelib.dialects.inventory.go_json.fields import Fields, fields_of
from chalicelib.dialects.inventory.go_json.read import GoError, read_whole
from chalicelib.kernel.releases.check import refused
from slipway_formats.release import Metadata
from slipway_formats.release_reader import read


def read_metadata(content: bytes) -> Metadata | None:
    """The metadata in a body; nothing for null. Faults: Invalid, in Escape's words; TooLarge."""
    try:
        value = read_whole(content)
        return None if value is None else _metadata(fields_of(value, "core.ReleaseMetadata"))
    except GoError as error:
        raise refused(f"Couldn't unmarshal JSON release metadata: {error}") from error


def _metadata(fields: Fields) -> Metadata:
    metadata = read(Metadata, fields)
    # The seed prints the name with a slip; clients send it right.
    return metadata if metadata.git_revision else replace(metadata, git_revision=fields.text("gt_revision"))
