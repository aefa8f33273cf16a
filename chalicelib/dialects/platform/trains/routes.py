"""Rows of trains, their snapshots, templates and variables."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.trains import shapes, words, words_snapshots
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED, InProject
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.ending import end_train, reject_snapshot
from chalicelib.use_cases.trains.find import project_of_train
from chalicelib.use_cases.trains.lists import find_trains, list_snapshots
from chalicelib.use_cases.trains.snapshots import get_snapshot
from chalicelib.use_cases.trains.templates import list_templates, update_template
from chalicelib.use_cases.trains.trains import create_train, get_train, update_train
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.begin_unplanned import begin_unplanned
from chalicelib.use_cases.travel.deploy import deploy_snapshot
from chalicelib.use_cases.variables.train_variables import get_variables, update_variables

GROUP = Group(PLATFORM, "Trains")
TRAINS = "/api/v1/trains"
TRAIN = f"{TRAINS}/{{train}}"
SNAPSHOTS = f"{TRAIN}/snapshots"
SNAPSHOT = f"{SNAPSHOTS}/{{snapshot}}"


def _project_of_new(_: Ports, request: Request) -> str | None:
    return request.body(shapes.NewTrainBody).project


def _project_of_unplanned(_: Ports, request: Request) -> str | None:
    return request.body(shapes.UnplannedSnapshotBody).project


def _project_of(ports: Ports, request: Request) -> str | None:
    return project_of_train(ports, words.id_in(request, "train"))


READ = InProject(Level.READ, _project_of)
WRITE = InProject(Level.WRITE, _project_of)

_TRAINS = (
    GROUP.operation(
        f"GET {TRAINS}",
        "Trains, newest first, by project, application, number, title, pipeline, status; `page_size`, `page_from`. "
        "`unplanned=true`: in their place those that hold the snapshots of no train.",
        AUTHENTICATED,
        Handling(words.read_list, find_trains, words.show_trains),
        schema=Schema(query=shapes.TrainsQuery, answer=shapes.TrainsShape),
    ),
    GROUP.operation(
        f"POST {TRAINS}",
        "Plan a delivery of an application; its number is its own among those of the application.",
        InProject(Level.WRITE, _project_of_new),
        Handling(words.read_new, create_train, words.show_train),
        schema=Schema(body=shapes.NewTrainBody, answer=shapes.TrainShape),
    ),
    GROUP.operation(
        f"GET {TRAIN}",
        "A train with its latest and furthest snapshot.",
        READ,
        Handling(words.read_train, get_train, words.show_train),
        schema=Schema(answer=shapes.TrainShape),
    ),
    GROUP.operation(
        f"PUT {TRAIN}",
        "Say anew what a train is called, when it is due, what it delivers and by which pipeline.",
        WRITE,
        Handling(words.read_changed, update_train, words.show_train),
        schema=Schema(body=shapes.TrainBody, answer=shapes.TrainShape),
    ),
    GROUP.operation(
        f"POST {TRAIN}/acts",
        "Cancel a train with its open snapshots and their runs, or restore it.",
        WRITE,
        Handling(words.read_act, end_train, words.show_train),
        schema=Schema(body=shapes.TrainActBody, answer=shapes.TrainShape),
    ),
    GROUP.operation(
        f"GET {TRAIN}/variables",
        "The variables of a train.",
        READ,
        Handling(words.read_variables, get_variables, words.show_variables),
        schema=Schema(answer=shapes.VariablesShape),
    ),
    GROUP.operation(
        f"PUT {TRAIN}/variables",
        "Replace the variables of a train.",
        WRITE,
        Handling(words.read_new_variables, update_variables, words.show_variables),
        schema=Schema(body=shapes.VariablesBody, answer=shapes.VariablesShape),
    ),
)

_SNAPSHOTS = (
    GROUP.operation(
        f"GET {SNAPSHOTS}",
        "Snapshots of a train, newest first, by number, stage (the furthest) and status; `page_size`, `page_from`.",
        READ,
        Handling(words_snapshots.read_list, list_snapshots, words_snapshots.show_snapshots),
        schema=Schema(query=shapes.SnapshotsQuery, answer=shapes.SnapshotsShape),
    ),
    GROUP.operation(
        f"POST {SNAPSHOTS}",
        "Make a snapshot, with the next number where none is given; its run begins as its pipeline says.",
        WRITE,
        Handling(words_snapshots.read_new, begin_snapshot, words_snapshots.show_snapshot),
        schema=Schema(body=shapes.NewSnapshotBody, answer=shapes.SnapshotShape),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    ),
    GROUP.operation(
        "POST /api/v1/snapshots",
        "Make a snapshot of no train, which names its pipeline; its train is one for all such of the application.",
        InProject(Level.WRITE, _project_of_unplanned),
        Handling(words_snapshots.read_unplanned, begin_unplanned, words_snapshots.show_snapshot),
        schema=Schema(body=shapes.UnplannedSnapshotBody, answer=shapes.SnapshotShape),
    ),
    GROUP.operation(
        f"GET {SNAPSHOT}",
        "A snapshot.",
        READ,
        Handling(words_snapshots.read_snapshot, get_snapshot, words_snapshots.show_snapshot),
        schema=Schema(answer=shapes.SnapshotShape),
    ),
    GROUP.operation(
        f"POST {SNAPSHOT}/acts",
        "Reject a snapshot and cancel its runs.",
        WRITE,
        Handling(words_snapshots.read_act, reject_snapshot, words_snapshots.show_snapshot),
        schema=Schema(body=shapes.SnapshotActBody, answer=shapes.SnapshotShape),
    ),
    GROUP.operation(
        f"POST {SNAPSHOT}/deployments",
        "Deploy a snapshot to the next stage or a named one; where it was before, it is deployed again.",
        WRITE,
        Handling(words_snapshots.read_deploy, deploy_snapshot, words_snapshots.show_deployed),
        schema=Schema(body=shapes.DeployBody, answer=shapes.DeployedShape),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    ),
    GROUP.operation(
        f"GET {SNAPSHOT}/variables",
        "The variables of a snapshot.",
        READ,
        Handling(words.read_variables, get_variables, words.show_variables),
        schema=Schema(answer=shapes.VariablesShape),
    ),
    GROUP.operation(
        f"PUT {SNAPSHOT}/variables",
        "Replace the variables of a snapshot.",
        WRITE,
        Handling(words.read_new_variables, update_variables, words.show_variables),
        schema=Schema(body=shapes.VariablesBody, answer=shapes.VariablesShape),
    ),
)

_TEMPLATES = (
    GROUP.operation(
        f"GET {TRAINS}/templates",
        "All templates of trains, by name.",
        AUTHENTICATED,
        Handling(words.read_caller, list_templates, words.show_templates),
        schema=Schema(answer=shapes.TemplatesShape),
    ),
    GROUP.operation(
        f"PUT {TRAINS}/templates/{{name}}",
        "Make a template, or replace what is in it.",
        ADMIN,
        Handling(words.read_template, update_template, words.show_template),
        schema=Schema(body=shapes.TemplateBody, answer=shapes.TemplateBody),
    ),
)

OPERATIONS = (*_TRAINS, *_SNAPSHOTS, *_TEMPLATES)
