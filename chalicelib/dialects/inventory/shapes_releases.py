"""Bodies about releases, for the API's pages. What metadata is, the kernel says: its fields are the wire's."""

from chalicelib.http.shape import LenientShape
from chalicelib.kernel.release import Metadata

ReleaseMetadata = Metadata


class ReleasePayload(LenientShape):
    """A release, and what is known around it. sha256, size: of its package, once it is uploaded."""

    release: Metadata
    versions: list[str]
    is_latest: bool
    downloads: int
    uploaded_by: str
    uploaded_at: str
    sha256: str = ""
    size: int = 0
