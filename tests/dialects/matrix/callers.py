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
BY_JOB = "job"

CALLERS = (ANONYMOUS, EXPIRED, REVOKED, STRANGER, READER, WRITER, OWNER, ADMIN, RUNNER, BY_JOB)
NOBODY = frozenset({ANONYMOUS, EXPIRED, REVOKED})
"""Those who show nothing, or nothing that counts. The dead tokens were an owner's."""

ADMINS = frozenset({ADMIN})
OWNERS = ADMINS | {OWNER}
WRITERS = OWNERS | {WRITER, BY_JOB}
DECIDERS = WRITERS - {BY_JOB}
"""Those who may write, and say how a run goes on: a job with its token may not."""

PEOPLE = frozenset({STRANGER, READER, WRITER, OWNER})
"""Those who have a password."""

READERS = WRITERS | {READER}
KNOWN = frozenset(CALLERS) - NOBODY
