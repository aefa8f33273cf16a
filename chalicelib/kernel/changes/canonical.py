"""The canonical form of plain JSON values, and its digest."""

import json
from hashlib import sha256


def digest_of(plain: object) -> str:
    """Return the SHA-256, in hex, of JSON values: keys sorted, no blanks, UTF-8."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
