"""Decode release metadata as Escape's core does. The kernel decides what may be registered."""

from dataclasses import replace

from chalicelib.dialects.inventory.go_json.fields import Fields, fields_of
from chalicelib.dialects.inventory.go_json.read import GoError, read_whole
from chalicelib.kernel.releases.check import refused
from slipway_formats.release import Metadata
from slipway_formats.release_reader import read


def read_metadata(content: bytes) -> Metadata | None:
    """Decode the metadata in a body; None for null. Faults: Invalid, with Escape's message; TooLarge."""
    try:
        value = read_whole(content)
        return None if value is None else _metadata(fields_of(value, "core.ReleaseMetadata"))
    except GoError as error:
        raise refused(f"Couldn't unmarshal JSON release metadata: {error}") from error


def _metadata(fields: Fields) -> Metadata:
    metadata = read(Metadata, fields)
    # The original misspells the name in its output; clients send it correctly.
    return metadata if metadata.git_revision else replace(metadata, git_revision=fields.text("gt_revision"))
