"""Keys of the tables `runs` and `logs`, and what is found by them. Other rooms have keys.py of their own.

Every table has the keys `pk` and `sk`, both texts; numbers in them are padded, so that they sort. An id that may hold
any character stands last in its key. Tables, indexes and their projections: dynamo/schema.py.

| what is asked | table or index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a run | runs | run#<run> | run |
| its moved stage executions, in order | runs | run#<run> | execution#<number, 6 digits> |
| its jobs; one job | runs | run#<run> | job#<job id> |
| a plan | runs | plan#<plan> | plan |
| runs, or jobs, due before an instant | by_due | run#<shard> or job#<shard>, 00 to 15 | due_at, milliseconds |
| what is owed to others' addresses | runs | owed#<id> | owed |
| what of it is due before an instant | by_due | owed | due_at, milliseconds |
| runs of a definition, newest first | by_definition | <kind>#<project>#<environment>#<name> | run id |
| runs of a project's definitions of a kind | by_project | <kind>#<project> | run id |
| open runs of a train below a number | by_train | <train> | number |
| jobs that wait in a pool, oldest first | by_pool | <pool> | <created, ms, 15 digits>#<job id> |
| jobs that a lease call took | by_nonce | <pool>#<nonce> | job#<job id> |
| a lock, its holder and its line | runs | lock#<lock> | lock |
| the youngest run past a stage's gates | runs | train#<train> | stage#<stage> |
| a counter | runs | counter#<counter> | counter |
| the head of a log, whether it is sealed | logs | log#<log> | head |
| whether an ask has added its words to a log | logs | log#<log> | added#<ask> |
| chunks of a log after one | logs | log#<log> | seq#<last seq of the batch, 9 digits> |
"""

from datetime import datetime
from zlib import crc32

from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.key_parts import joined, milliseconds
from chalicelib.use_cases.ports.runs import SHARDS

RUNS = "runs"
LOGS = "logs"
RUN_SK = "run"
JOB_PREFIX = "job#"
EXECUTION_PREFIX = "execution#"
SEQ_PREFIX = "seq#"
OWED_SHARD = "owed"
"""The part of the due index with what is owed: there is little of it, and one look finds it."""


def run_key(run_id: str) -> Key:
    """Of a run."""
    return Key(f"run#{run_id}", RUN_SK)


def execution_key(run_id: str, number: int) -> Key:
    """Of a stage execution that was moved out of its run. number: to 999,999."""
    return Key(f"run#{run_id}", f"{EXECUTION_PREFIX}{number:06d}")


def job_key(job_id: str) -> Key:
    """Of a job, beside its run: a job's id begins with the run's, up to the first dot."""
    return Key(f"run#{job_id.partition('.')[0]}", f"{JOB_PREFIX}{job_id}")


def plan_key(plan_id: str) -> Key:
    """Of a plan."""
    return Key(f"plan#{plan_id}", "plan")


def lock_key(lock: str) -> Key:
    """Of a lock."""
    return Key(f"lock#{lock}", "lock")


def watermark_key(train: str, stage: str) -> Key:
    """Of a train's mark at a stage."""
    return Key(f"train#{train}", f"stage#{stage}")


def counter_key(counter: str) -> Key:
    """Of a counter."""
    return Key(f"counter#{counter}", "counter")


def delivery_key(delivery_id: str) -> Key:
    """Of something owed."""
    return Key(f"owed#{delivery_id}", "owed")


def head_key(log: str) -> Key:
    """Of a log's head."""
    return Key(f"log#{log}", "head")


def added_key(log: str, ask: str) -> Key:
    """Of the mark that an ask has added its words to a log."""
    return Key(f"log#{log}", f"added#{ask}")


def chunk_key(log: str, seq: int) -> Key:
    """Of a batch of chunks, by its last. seq: to 999,999,999."""
    return Key(f"log#{log}", f"{SEQ_PREFIX}{seq:09d}")


def due_shard(kind: str, thing_id: str) -> str:
    """The part of the due index in which a run or a job stands. kind: run or job."""
    return shard_name(kind, crc32(thing_id.encode()) % SHARDS)


def shard_name(kind: str, shard: int) -> str:
    """The hash of one part of the due index."""
    return f"{kind}#{shard:02d}"


def definition_hash(definition: DefinitionRef) -> str:
    """Under which the runs of a definition are found."""
    return joined(definition.kind, definition.project, definition.environment, definition.name)


def is_in_environment(definition: str, environment: str) -> bool:
    """Whether the definition that a hash names is of an environment. environment: empty for any."""
    return not environment or definition.split("#")[2] == joined(environment)


def project_hash(project: str, kind: DefinitionKind) -> str:
    """Under which the runs of a project's definitions of a kind are found."""
    return joined(kind, project)


def waiting_since(created_at: datetime, job_id: str) -> str:
    """Where a job stands among those that wait in its pool."""
    return f"{milliseconds(created_at):015d}#{job_id}"


def nonce_hash(pool: str, nonce: str) -> str:
    """Under which the jobs that a lease call took are found."""
    return joined(pool, nonce)
