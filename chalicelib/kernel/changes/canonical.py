"""The canonical form of plain JSON values, and its digest."""

import json
from hashlib import sha256

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(plain: object) -> str:
    """Return the SHA-256, in hex, of JSON values: keys sorted, no blanks, UTF-8."""
    return sha256(_ENCODER.encode(plain).encode()).hexdigest()
