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
WRITERS = OWNERS | {WRITER}
WORKERS = WRITERS | {BY_JOB}
"""Those who may do a job's work: the job is a build in staging, without a service account."""

PEOPLE = frozenset({STRANGER, READER, WRITER, OWNER})
"""Those who have a password."""

READERS = WORKERS | {READER}
KNOWN = frozenset(CALLERS) - NOBODY
