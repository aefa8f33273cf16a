"""What is asked of the console's rows: pages, and forms as browsers send them."""

from urllib.parse import urlencode

from chalicelib.dialects.console.frame.assets import hash_of_files
from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import ADMIN, BY_JOB, KNOWN, NOBODY, READER, READERS, RUNNER, WRITERS
from tests.dialects.matrix.world import GUEST, PASSWORD

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SNAPSHOT = "/trains/{train}/snapshots/{snapshot}"


def a_form(**fields: str) -> bytes:
    """The body of a form."""
    return urlencode(fields).encode()


RELEASE = {"application": "app", "version": "1.1"}
DEPLOY = "/projects/{project}/environments/{environment}/deploy/{deployment}/to/{version}"


CONSOLE_ASKS = {
    "GET /home": Ask(shows="web/tasks/job#2"),
    "GET /inbox": Ask(),
    "POST /inbox": Ask(body=b"chosen=$open_run/1//g1&decision=approve", headers=FORM, who=WRITERS),
    "POST /runs": Ask(body=b"chosen=$open_run&act=cancel", headers=FORM, who=WRITERS),
    "POST /login": Ask(body=a_form(name="owner@example.org", secret="correct horse battery"), headers=FORM),
    "POST /logout": Ask(who=KNOWN - {BY_JOB}, unseen=NOBODY, differs="the session is over"),
    "POST /invitation": Ask(body=b"invitation=$invitation&password=correct+horse+battery", headers=FORM),
    "POST /looks": Ask(body=a_form(theme="dark", times="utc", next="home"), headers=FORM),
    "GET /static/{hash}/{file}": Ask(where={"hash": hash_of_files(), "file": "console.css"}),
    "GET /runs": Ask(query="project=&status=open", shows="web/gated#1"),
    "GET /runs/{run}": Ask(shows="web/release"),
    "POST /runs/{run}/decisions": Ask(
        body=a_form(decision="approve", node="g1", execution="1"), headers=FORM, who=WRITERS
    ),
    "POST /runs/{run}/acts": Ask(body=a_form(act="cancel"), headers=FORM, who=WRITERS),
    "GET /calendar": Ask(shows="winter"),
    "POST /calendar/freezes": Ask(body=a_form(project="web", reason="holidays", ends="2031-01-01T00:00"), headers=FORM),
    "POST /calendar/freezes/{freeze}/lift": Ask(body=a_form(project="web"), headers=FORM),
    "POST /calendar/stops": Ask(body=a_form(project="web", reason="an alarm", minutes="60"), headers=FORM),
    "POST /calendar/resumes": Ask(body=a_form(project="web"), headers=FORM),
    "GET /projects/{project}": Ask(shows="$open_run"),
    f"GET {DEPLOY}": Ask(where={"version": "1.1"}, shows="What it would change"),
    f"POST {DEPLOY}/acts": Ask(where={"version": "1.1"}, body=b"changes=$digest", headers=FORM),
    "GET /projects/{project}/diff": Ask(shows="What differs"),
    "GET /projects/{project}/environments/{environment}": Ask(shows="What was done here"),
    "GET /projects/{project}/pipelines/{pipeline}": Ask(shows="What it does"),
    "POST /projects/{project}/pipelines/{pipeline}/runs": Ask(body=a_form(once="view"), headers=FORM),
    "GET /audit": Ask(query="project=web"),
    "GET /access": Ask(query="project=web", shows="robot", who=READERS, unseen=KNOWN - READERS),
    "GET /access/why": Ask(query="project=web&user=reader&level=read", shows="project:web:global:read"),
    "GET /access/people/{name}": Ask(
        where={"name": READER}, who=frozenset({ADMIN, READER}), unseen=KNOWN - {ADMIN, READER}
    ),
    "POST /access/newcomers": Ask(body=a_form(name="new", password=PASSWORD), headers=FORM),
    "POST /access/people/{name}/changes": Ask(
        where={"name": READER}, body=a_form(level="write", project="web", group="ops"), headers=FORM
    ),
    "POST /access/people/{name}/invitations": Ask(where={"name": GUEST}, body=a_form(days="2"), headers=FORM),
    "POST /access/people/{name}/tokens": Ask(
        where={"name": GUEST}, body=a_form(scopes="all", label="theirs"), headers=FORM
    ),
    "POST /access/tokens": Ask(
        body=a_form(scopes="all", label="another"),
        headers=FORM,
        who=KNOWN - {RUNNER, BY_JOB},
        unseen=NOBODY,
        differs="a new secret",
    ),
    "POST /access/accounts/{project}": Ask(body=a_form(name="helper", role="read"), headers=FORM),
    "POST /access/accounts/{project}/{name}/removals": Ask(
        where={"name": "robot"}, body=a_form(confirm="robot"), headers=FORM
    ),
    "POST /access/tokens/{id}/revocations": Ask(
        where={"id": "$token_of_reader"},
        body=a_form(next="access"),
        headers=FORM,
        who=frozenset({ADMIN, READER}),
        unseen=KNOWN - {ADMIN, READER, BY_JOB},
    ),
    "GET /search": Ask(query="q=demo/app", shows="releases/demo/app"),
    "GET /releases": Ask(query="q=app"),
    "GET /releases/{namespace}/{application}": Ask(where={"application": "app"}, shows="1.1"),
    "GET /releases/{namespace}/{application}/{version}": Ask(where=RELEASE, shows="Against what production has"),
    "GET /releases/{namespace}/{application}/{version}/package": Ask(where={**RELEASE, "version": "1.0"}),
    "POST /releases/{namespace}/{application}/{version}/tags": Ask(
        where=RELEASE, body=a_form(tag="stable"), headers=FORM
    ),
    "POST /releases/{namespace}/{application}/{version}/yanks": Ask(
        where=RELEASE, body=a_form(notes="leaks"), headers=FORM
    ),
    "POST /releases/{namespace}/{application}/{version}/unyanks": Ask(where=RELEASE, body=b"", headers=FORM),
    "GET /insights": Ask(query="project=web", shows="by week", who=READERS),
    "GET /runners": Ask(shows="runner-of-web", differs="the pool default is of all projects"),
    "GET /trains": Ask(shows="the autumn train"),
    "GET /trains/{train}": Ask(who=READERS, shows="the autumn train"),
    f"GET {SNAPSHOT}": Ask(who=READERS, shows="the autumn train"),
    f"POST {SNAPSHOT}/deployments": Ask(body=a_form(stage="go"), headers=FORM, who=WRITERS),
    f"POST {SNAPSHOT}/acts": Ask(
        where={"train": "$waiting_train", "snapshot": "$waiting_snapshot"},
        body=b"act=replay&run=$waiting_run&execution=1",
        headers=FORM,
        who=WRITERS,
        status=409,
    ),
    "GET /tasks": Ask(shows="nightly"),
    "POST /tasks": Ask(
        body=a_form(repository="tasks", directory="job", namespace="night"),
        headers=FORM,
        who=WRITERS,
        unseen_status=403,
        differs="a namespace is found by who first deploys there",
    ),
    "GET /tasks/{task}": Ask(where={"task": "$task"}, who=READERS, shows="nightly"),
    "POST /tasks/{task}/acts": Ask(where={"task": "$task"}, body=a_form(act="delete"), headers=FORM, who=WRITERS),
    "GET /logs/{job}": Ask(shows="a line of the log"),
    "GET /logs/{job}/chunks": Ask(shows="a line of the log"),
}
