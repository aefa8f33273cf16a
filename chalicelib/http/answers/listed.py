"""Shorten entries of lists, so that a list stays small however much is said of each thing in it."""

from collections.abc import Mapping

from chalicelib.http.reply import Json

LONGEST_DESCRIPTION = 1000
"""Letters."""

LARGEST_LOGO = 16 * 1024
"""Letters; a logo is an address, or an image in base64."""


def listed(entry: Mapping[str, Json]) -> dict[str, Json]:
    """Return the entry with its description cut where it is long, and without a large logo."""
    description, logo = entry.get("description"), entry.get("logo")
    shorter: dict[str, Json] = {}
    if isinstance(description, str) and len(description) > LONGEST_DESCRIPTION:
        shorter["description"] = f"{description[:LONGEST_DESCRIPTION]}…"
    if isinstance(logo, str) and len(logo) > LARGEST_LOGO:
        shorter["logo"] = ""
    return {**entry, **shorter}
