"""Which release a text names, such as `shop/site-v1.0`."""

from functools import lru_cache

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.releases.release import ReleaseKey
from slipway_formats.release_id import parse
from slipway_formats.version import Exact


@lru_cache(1024)
def named_release(text: str) -> ReleaseKey | None:
    """Return the key of a release by its id; None for what is none, as a script or a person may have written it."""
    try:
        found = parse(text)
    except Invalid:
        return None
    if not isinstance(found.query, Exact):
        return None
    return ReleaseKey(namespace=found.namespace, application=found.application, version=found.query.version)
