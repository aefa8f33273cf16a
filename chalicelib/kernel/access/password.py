"""Password hashing with scrypt. The salt comes in as an argument, and so does the cost."""

import base64
import hashlib
import hmac

from chalicelib.kernel.access.hashing_slots import HashingSlots

SLOTS = HashingSlots()
SHORTEST = 10
LONGEST = 1024

COST, BLOCK, LANES = 2**14, 8, 1
"""Of scrypt: 16 MB and about 50 ms."""


def nobodys(cost: int = COST) -> str:
    """Return the hash compared with when the user does not exist, so that both refusals take equally long."""
    return _written(b"nobody", bytes(32), cost)


def hash_password(password: str, salt: str, cost: int = COST) -> str:
    """Hash a password for storage, as text with cost, salt and hash. salt: an unguessable text."""
    own_salt = hashlib.sha256(salt.encode()).digest()[:16]
    return _written(own_salt, _hash(_digest(password), own_salt, (cost, BLOCK, LANES)), cost)


def is_same(password: str, kept: str) -> bool:
    """Verify a password against its stored hash. All wrong ones take equally long."""
    word, cost, block, lanes, salt, expected = kept.split("$")
    if word != "scrypt":
        return False
    found = _hash(_digest(password), base64.b64decode(salt), (int(cost), int(block), int(lanes)))
    return hmac.compare_digest(found, base64.b64decode(expected))


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()


def _hash(digest: bytes, salt: bytes, effort: tuple[int, int, int]) -> bytes:
    cost, block, lanes = effort
    memory = 256 * cost * block  # OpenSSL's own limit is too low for this cost
    with SLOTS.one():
        return hashlib.scrypt(digest, salt=salt, n=cost, r=block, p=lanes, maxmem=memory, dklen=32)


def _written(salt: bytes, found: bytes, cost: int) -> str:
    return f"scrypt${cost}${BLOCK}${LANES}${base64.b64encode(salt).decode()}${base64.b64encode(found).decode()}"
