"""Who asks: everybody that the authorization matrix has a column for."""

ANONYMOUS = "anonymous"
EXPIRED = "expired"
REVOKED = "revoked"
STRANGER = "stranger"
READER = "reader"
WRITER = "writer"
OWNER = "owner"
ADMIN = "admin"
RUNNER = "runner"

CALLERS = (ANONYMOUS, EXPIRED, REVOKED, STRANGER, READER, WRITER, OWNER, ADMIN, RUNNER)
NOBODY = frozenset({ANONYMOUS, EXPIRED, REVOKED})
"""Those who show nothing, or nothing that counts. The dead tokens were an owner's."""

ADMINS = frozenset({ADMIN})
OWNERS = ADMINS | {OWNER}
WRITERS = OWNERS | {WRITER}
READERS = WRITERS | {READER}
KNOWN = frozenset(CALLERS) - NOBODY
