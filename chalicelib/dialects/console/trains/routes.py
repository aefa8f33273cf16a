"""Rows of the pages of trains and their snapshots, and of what is done on them."""

from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.dialects.console.trains import words
from chalicelib.dialects.console.trains.acts import deploy_by_form, replay_by_form
from chalicelib.dialects.console.trains.page import trains_page
from chalicelib.dialects.console.trains.snapshot import snapshot_page
from chalicelib.dialects.console.trains.train import train_page
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import HTML_MEDIA

GROUP = Group(CONSOLE, "Trains")
SNAPSHOT = "/trains/{train}/snapshots/{snapshot}"

# A train that is of no project yet is its maker's, whom no level lets in: the use cases ask who may.
OPERATIONS = (
    GROUP.operation(
        "GET /trains",
        "Trains with how far they are, newest first, by project, application and status.",
        AUTHENTICATED,
        Handling(words.read_search, trains_page, words.show_found),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "GET /trains/{train}",
        "A train: its snapshots, newest first, and how far each is.",
        AUTHENTICATED,
        Handling(words.read_train, train_page, words.show_train),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        f"GET {SNAPSHOT}",
        "A snapshot: its stages, and what a deploy to the next one, or to `?stage=`, would change.",
        AUTHENTICATED,
        Handling(words.read_snapshot, snapshot_page, words.show_snapshot),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        f"POST {SNAPSHOT}/deployments",
        "Deploy a snapshot to a stage, by the form of its page.",
        AUTHENTICATED,
        Handling(words.read_deploy, deploy_by_form, words.show_deployed),
        schema=FORM,
    ),
    GROUP.operation(
        f"POST {SNAPSHOT}/acts",
        "Replay a stage of a snapshot that ended badly, by the form of its page.",
        AUTHENTICATED,
        Handling(words.read_replay, replay_by_form, words.show_replayed),
        schema=FORM,
    ),
)
