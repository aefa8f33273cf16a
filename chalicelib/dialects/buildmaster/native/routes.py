"""Rows of the native methods. One that is not here is answered 404, with its name."""

from chalicelib.dialects.buildmaster.dialect import BUILDMASTER
from chalicelib.dialects.buildmaster.native import words, words_releases, words_variables
from chalicelib.http.operation import Group, Handling
from chalicelib.http.permission import KeyFor
from chalicelib.kernel.access.grant import Grant
from chalicelib.use_cases.installation.application_views import (
    create_application_view,
    find_application_view,
    list_application_views,
)
from chalicelib.use_cases.installation.applications import update_application
from chalicelib.use_cases.installation.groups import create_or_update_group, ensure_group, list_groups, remove_group
from chalicelib.use_cases.rafts.raft_items import create_or_update_item, list_items, remove_item
from chalicelib.use_cases.rafts.rafts import create_or_update_raft, get_raft, list_rafts, remove_raft
from chalicelib.use_cases.train_addresses.addressed import create_or_update_train_at, end_train_at
from chalicelib.use_cases.variables.numbered_variables import (
    list_all_numbered,
    list_numbered_variables,
    remove_numbered_variable,
    update_numbered_variable,
)

NATIVE = Group(BUILDMASTER, "Native")
KEY = KeyFor(Grant.NATIVE)

_APPLICATIONS = (
    NATIVE.operation(
        "GET|POST /api/json/Applications_GetApplications",
        "The applications that the caller may read, at most `Application_Count` (0: all).",
        KEY,
        Handling(words.read_applications, list_application_views, words.show_applications),
    ),
    NATIVE.operation(
        "GET|POST /api/json/Applications_GetApplication",
        "An application by `Application_Id` or `Application_Name`.",
        KEY,
        Handling(words.read_application, find_application_view, words.show_application),
    ),
    NATIVE.operation(
        "POST /api/json/Applications_CreateApplication",
        "Make an application, and the project in which it is; answers its id.",
        KEY,
        Handling(words.read_new_application, create_application_view, words.show_id),
    ),
    NATIVE.operation(
        "POST /api/json/Applications_EditApplication",
        "Give an application another title, group or raft.",
        KEY,
        Handling(words.read_changed_application, update_application, words.show_nothing),
    ),
    NATIVE.operation(
        "POST /api/json/Applications_DeactivateApplication",
        "Take an application out of use; it stays readable.",
        KEY,
        Handling(words.read_deactivated, update_application, words.show_nothing),
    ),
)

_GROUPS = (
    NATIVE.operation(
        "GET|POST /api/json/ApplicationGroups_GetApplicationGroups",
        "All groups of applications.",
        KEY,
        Handling(words.read_origin, list_groups, words.show_groups),
    ),
    NATIVE.operation(
        "POST /api/json/ApplicationGroups_GetOrCreateApplicationGroup",
        "The id of the group of this name, which is made if there is none.",
        KEY,
        Handling(words.read_group, ensure_group, words.show_id),
    ),
    NATIVE.operation(
        "POST /api/json/ApplicationGroups_CreateOrUpdateApplicationGroup",
        "Make a group of applications, or rename one; answers its id.",
        KEY,
        Handling(words.read_group, create_or_update_group, words.show_id),
    ),
    NATIVE.operation(
        "POST /api/json/ApplicationGroups_DeleteApplicationGroup",
        "Remove a group; its applications stay.",
        KEY,
        Handling(words.read_removed_group, remove_group, words.show_nothing),
    ),
)

_RAFTS = (
    NATIVE.operation(
        "GET|POST /api/json/Rafts_GetRafts",
        "All rafts, the global one first.",
        KEY,
        Handling(words.read_origin, list_rafts, words.show_rafts),
    ),
    NATIVE.operation(
        "GET|POST /api/json/Rafts_GetRaft",
        "A raft by `Raft_Id` or `Raft_Name`; null if there is none.",
        KEY,
        Handling(words.read_raft, get_raft, words.show_raft),
    ),
    NATIVE.operation(
        "POST /api/json/Rafts_CreateOrUpdateRaft",
        "Make a raft, or change it; answers its id.",
        KEY,
        Handling(words.read_saved_raft, create_or_update_raft, words.show_id),
    ),
    NATIVE.operation(
        "POST /api/json/Rafts_DeleteRaft",
        "Remove a raft and all in it.",
        KEY,
        Handling(words.read_removed_raft, remove_raft, words.show_nothing),
    ),
    NATIVE.operation(
        "GET|POST /api/json/Rafts_GetRaftItems",
        "Items of a raft: of `Application_Id`, or those of no application.",
        KEY,
        Handling(words.read_items, list_items, words.show_items),
    ),
    NATIVE.operation(
        "POST /api/json/Rafts_CreateOrUpdateRaftItem",
        "Make a script, plan, module or pipeline, or replace its content.",
        KEY,
        Handling(words.read_saved_item, create_or_update_item, words.show_nothing),
    ),
    NATIVE.operation(
        "POST /api/json/Rafts_DeleteRaftItem",
        "Remove an item of a raft.",
        KEY,
        Handling(words.read_removed_item, remove_item, words.show_nothing),
    ),
)

_RELEASES = (
    NATIVE.operation(
        "POST /api/json/Releases_CreateOrUpdateRelease",
        "Plan a release, or give it another name or pipeline.",
        KEY,
        Handling(words_releases.read_saved_release, create_or_update_train_at, words.show_nothing),
    ),
    NATIVE.operation(
        "POST /api/json/Releases_CancelRelease",
        "Cancel a release, and reject its builds.",
        KEY,
        Handling(words_releases.read_cancelled_release, end_train_at, words.show_nothing),
    ),
)

_VARIABLES = (
    NATIVE.operation(
        "GET|POST /api/json/Variables_GetVariablesForScope",
        "The variables of an application, group, environment, server or role, or of several of them at once.",
        KEY,
        Handling(words_variables.read_scope, list_numbered_variables, words_variables.show_variables),
    ),
    NATIVE.operation(
        "GET|POST /api/json/Variables_GetBuildVariables",
        "The variables of a build.",
        KEY,
        Handling(words_variables.read_build, list_numbered_variables, words_variables.show_variables),
    ),
    NATIVE.operation(
        "GET|POST /api/json/Variables_GetVariables",
        "All configured variables, with what their scopes belong to.",
        KEY,
        Handling(words.read_origin, list_all_numbered, words_variables.show_scoped),
    ),
    NATIVE.operation(
        "POST /api/json/Variables_CreateOrUpdateVariable",
        "Set a variable of the scope that the ids name, of all without any; answers its id.",
        KEY,
        Handling(words_variables.read_saved, update_numbered_variable, words_variables.show_id),
    ),
    NATIVE.operation(
        "POST /api/json/Variables_DeleteVariable",
        "Remove the variable of an id.",
        KEY,
        Handling(words_variables.read_removed, remove_numbered_variable, words.show_nothing),
    ),
)

OPERATIONS = (*_VARIABLES, *_RELEASES, *_APPLICATIONS, *_GROUPS, *_RAFTS)
