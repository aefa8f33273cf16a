"""Keys and access patterns of the tables `runs` and `logs`. Other rooms have their own keys.py.

Every table has the string keys `pk` and `sk`; numbers in them are zero-padded, so that they sort. An id that may hold
any character comes last in its key. Tables, indexes and their projections: dynamo/schema.py.

| query | table or index | pk / hash | sk / range |
| --- | --- | --- | --- |
| a run | runs | run#<run> | run |
| its moved stage executions, in order | runs | run#<run> | execution#<number, 6 digits> |
| folds that moved out of it, in order | runs | run#<run> | folds#<how many moved before, 6 digits> |
| its jobs; one job | runs | run#<run> | job#<job id> |
| a plan | runs | plan#<plan> | plan |
| runs, or jobs, due before a time | by_due | run#<shard> or job#<shard>, 00 to 15 | due_at, milliseconds |
| ended runs that are not archived, by their end | by_due | ended#<shard>, 00 to 15 | due_at, milliseconds |
| what an archived run leaves in place of its jobs, or executions | runs | run#<run> | job#<run>. or execution#000000 |
| a pending delivery | runs | owed#<id> | owed |
| pending deliveries due before a time | by_due | owed | due_at, milliseconds |
| runs of a definition, newest first | by_definition | <kind>#<project>#<environment>#<name> | run id |
| runs of a project's definitions of a kind | by_project | <kind>#<project> | run id |
| summaries of a project's open, or ended, runs | by_listing | <project>#open, <project>#ended | run id |
| how far a project's older runs are in by_listing and by_due | runs | listing#<project> | marks |
| open runs of a train below a number | by_train | <train> | number |
| jobs that wait in a pool, by project, oldest first | by_pool | <pool> | <project>#<created, ms, 15 digits>#<job id> |
| the same where a line is spread, from the second shard on | by_pool | waiting#<shard>#<pool> | as above |
| leased jobs of a project that limits them | by_pool | leased#<project> | as above |
| jobs that a lease call took | by_nonce | <pool>#<nonce> | job#<job id> |
| a lock with its holder and queue | runs | lock#<lock> | lock |
| runners; those of a pool | runs | runners | <pool>#<name> |
| a train's watermark: its newest run past a stage's gates | runs | train#<train> | stage#<stage> |
| slots of a system that is called | runs | calls#<host>:<port> | calls |
| a counter | runs | counter#<counter> | counter |
| whose a block of integer ids is | runs | ids#<block> | ids |
| the only block of an owner | runs | ids-of#<kind>#<owner> | ids |
| where a log ends, whether it is sealed | logs | log#<log> | the last of the next but one row |
| the same of a log that 0.1 wrote | logs | log#<log> | head |
| marker: a request has added its lines to a log | logs | log#<log> | added#<ask> |
| chunks of a log after a seq | logs | log#<log> | seq#<first seq of the batch, 9 digits>+ |
| the same of what 0.1 wrote | logs | log#<log> | seq#<last seq of the batch, 9 digits> |
"""

from zlib import crc32

from chalicelib.kernel.engine.job import Job
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
FOLDS_PREFIX = "folds#"
SEQ_PREFIX = "seq#"
OF_FIRST = "+"
"""Behind the number of a batch's first chunk, to tell it from that of the last one, by which 0.1 stored it."""

RUNNERS = "runners"
ENDED = "ended#"
"""How the shards begin by which ended runs are found that are still to be archived."""

OWED_SHARD = "owed"
"""The shard of the due index for pending deliveries: there are few, so one query finds them."""


def run_key(run_id: str) -> Key:
    """Key of a run."""
    return Key(f"run#{run_id}", RUN_SK)


def execution_key(run_id: str, number: int) -> Key:
    """Key of a stage execution that was moved out of its run. number: to 999,999."""
    return Key(f"run#{run_id}", f"{EXECUTION_PREFIX}{number:06d}")


def folds_key(run_id: str, first: int) -> Key:
    """Key of folds that were moved out of their run. first: how many moved before, to 999,999."""
    return Key(f"run#{run_id}", f"{FOLDS_PREFIX}{first:06d}")


def job_key(job_id: str) -> Key:
    """Key of a job, in its run's partition: a job's id begins with the run's id, up to the first dot."""
    return Key(f"run#{job_id.partition('.')[0]}", f"{JOB_PREFIX}{job_id}")


def plan_key(plan_id: str) -> Key:
    """Key of a plan."""
    return Key(f"plan#{plan_id}", "plan")


def lock_key(lock: str) -> Key:
    """Key of a lock."""
    return Key(f"lock#{lock}", "lock")


def runner_key(pool: str, name: str) -> Key:
    """Key of a runner; all share a partition, since each is written a few times a minute."""
    return Key(RUNNERS, joined(pool, name))


def call_slots_key(of: str) -> Key:
    """Key of the slots of a system that is called."""
    return Key(f"calls#{of}", "calls")


def watermark_key(train: str, stage: str) -> Key:
    """Key of a train's watermark at a stage."""
    return Key(f"train#{train}", f"stage#{stage}")


def counter_key(counter: str) -> Key:
    """Key of a counter."""
    return Key(f"counter#{counter}", "counter")


def owned_block_key(kind: str, owner: str) -> Key:
    """Key of the only block of integer ids that something owns."""
    return Key(joined("ids-of", kind, owner), "ids")


def block_key(block: int) -> Key:
    """Key of the owner of a block of integer ids."""
    return Key(f"ids#{block}", "ids")


def delivery_key(delivery_id: str) -> Key:
    """Key of a pending delivery."""
    return Key(f"owed#{delivery_id}", "owed")


def head_key(log: str) -> Key:
    """Key of the head of a log that 0.1 wrote."""
    return Key(f"log#{log}", "head")


def added_key(log: str, ask: str) -> Key:
    """Key of the marker that a request has added its lines to a log."""
    return Key(f"log#{log}", f"added#{ask}")


def chunk_key(log: str, seq: int) -> Key:
    """The place of a chunk among the batches; of 0.1, the key of the batch that ends with it. seq: to 999,999,999."""
    return Key(f"log#{log}", f"{SEQ_PREFIX}{seq:09d}")


def batch_key(log: str, first: int) -> Key:
    """Key of a batch of chunks, by the seq of its first. first: to 999,999,999."""
    return Key(f"log#{log}", f"{SEQ_PREFIX}{first:09d}{OF_FIRST}")


def due_shard(kind: str, thing_id: str) -> str:
    """Return the shard of the due index for a run or a job. kind: run or job."""
    return shard_name(kind, crc32(thing_id.encode()) % SHARDS)


def shard_name(kind: str, shard: int) -> str:
    """Partition key of one shard of the due index."""
    return f"{kind}#{shard:02d}"


def definition_hash(definition: DefinitionRef) -> str:
    """Partition key in `by_definition` of the runs of a definition."""
    return joined(definition.kind, definition.project, definition.environment, definition.name)


def is_in_environment(definition: str, environment: str) -> bool:
    """True when a key made by `definition_hash` belongs to this environment. environment: empty for any."""
    return not environment or definition.split("#")[2] == joined(environment)


def project_hash(project: str, kind: DefinitionKind) -> str:
    """Partition key in `by_project` of the runs of a project's definitions of a kind."""
    return joined(kind, project)


def listing_hash(project: str, *, is_open: bool) -> str:
    """Partition key in `by_listing` of a project's runs that are open, or have ended."""
    return joined(project, "open" if is_open else "ended")


def listing_key(project: str) -> Key:
    """Key of the marker of how far a project's runs of older versions are in `by_listing` and `by_due`."""
    return Key(joined("listing", project), "marks")


def waiting_since(job: Job) -> str:
    """Sort key in `by_pool` of a waiting job."""
    return f"{project_line(job.project)}{milliseconds(job.created_at):015d}#{job.id}"


def pool_shard(pool: str, shard: int) -> str:
    """Partition key in `by_pool` of a shard of a pool's line; of the first, the pool alone, as 0.1 stored it."""
    return joined("waiting", str(shard), pool) if shard else pool


def counted_pool(project: str) -> str:
    """Partition key in `by_pool` of the leased jobs of a project that limits them."""
    return joined("leased", project)


def project_line(project: str) -> str:
    """Prefix in `by_pool` of a project's waiting jobs."""
    return f"{project}#"


def behind_project(project: str) -> str:
    """A place in `by_pool` behind a project's waiting jobs, and before those of the next: names have no mark so low."""
    return f"{project}$"


def nonce_hash(pool: str, nonce: str) -> str:
    """Partition key in `by_nonce` of the jobs that a lease call took."""
    return joined(pool, nonce)
