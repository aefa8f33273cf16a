"""Read calls of native methods about applications, their groups and rafts, and show what they answer.

Their names have words joined by `_`, as columns of a table have. Booleans are true and false, or Y and N.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence

from chalicelib.dialects.buildmaster.parameters import BOOLEANS, Parameters, read_parameters
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.installation.entries import ApplicationGroup, ItemType, Raft
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.application_views import ApplicationQuery, ApplicationView
from chalicelib.use_cases.installation.applications import CreateApplication, UpdateApplication
from chalicelib.use_cases.installation.groups import RemoveGroup, SaveGroup
from chalicelib.use_cases.rafts.raft_items import ItemsQuery, ItemView, RemoveItem, SaveItem
from chalicelib.use_cases.rafts.rafts import RaftQuery, RemoveRaft, SaveRaft

YES_AND_NO = {**BOOLEANS, "y": True, "n": False}
CODES: Mapping[int, ItemType] = {3: ItemType.MODULE, 4: ItemType.SCRIPT, 6: ItemType.PLAN, 8: ItemType.PIPELINE}
CODE_OF = {item: code for code, item in CODES.items()}
NO_ID = 0
"""An id that nothing has."""


def read_origin(request: Request) -> Origin:
    """Read a call without parameters."""
    return request.origin


def read_applications(request: Request) -> ApplicationQuery:
    """Read which applications are asked for. Faults: Invalid."""
    said = read_parameters(request)
    count, is_whole = said.whole("Application_Count"), said.flag("IncludeInactive_Indicator", YES_AND_NO)
    said.check()
    return ApplicationQuery(origin=request.origin, most=count or None, with_inactive=is_whole)


def read_application(request: Request) -> ApplicationQuery:
    """Read which application is asked for, by id or title. Faults: Invalid."""
    said = read_parameters(request)
    number = said.whole("Application_Id")
    title = said.needed("Application_Name") if number is None else ""
    said.check()
    return ApplicationQuery(origin=request.origin, id=number, title=title, with_inactive=True)


def read_new_application(request: Request) -> CreateApplication:
    """Read an application to create. Faults: Invalid."""
    said = read_parameters(request)
    title, group = said.needed("Application_Name"), said.whole("ApplicationGroup_Id")
    said.check()
    return CreateApplication(origin=request.origin, title=title, group=group)


def read_changed_application(request: Request) -> UpdateApplication:
    """Read what becomes of an application. Faults: Invalid."""
    said = read_parameters(request)
    number, group = _id(said, "Application_Id"), said.whole("ApplicationGroup_Id")
    said.check()
    title, raft = said.text("Application_Name") or None, said.text("Raft_Name") or None
    return UpdateApplication(origin=request.origin, id=number, title=title, group=group, raft_title=raft)


def read_deactivated(request: Request) -> UpdateApplication:
    """Read which application is to be out of use. Faults: Invalid."""
    said = read_parameters(request)
    number = _id(said, "Application_Id")
    said.check()
    return UpdateApplication(origin=request.origin, id=number, is_active=False)


def read_group(request: Request) -> SaveGroup:
    """Read a group of applications to create or rename. Faults: Invalid."""
    said = read_parameters(request)
    title, number = said.needed("ApplicationGroup_Name"), said.whole("ApplicationGroup_Id")
    said.check()
    return SaveGroup(origin=request.origin, title=title, id=number)


def read_removed_group(request: Request) -> RemoveGroup:
    """Read which group to remove. Faults: Invalid."""
    said = read_parameters(request)
    number = _id(said, "ApplicationGroup_Id")
    said.check()
    return RemoveGroup(origin=request.origin, id=number)


def read_raft(request: Request) -> RaftQuery:
    """Read which raft is asked for, by id or title. Faults: Invalid."""
    said = read_parameters(request)
    number = said.whole("Raft_Id")
    title = said.needed("Raft_Name") if number is None else ""
    said.check()
    return RaftQuery(origin=request.origin, id=number, title=title)


def read_saved_raft(request: Request) -> SaveRaft:
    """Read a raft to create or change. Faults: Invalid."""
    said = read_parameters(request)
    title, number = said.needed("Raft_Name"), said.whole("Raft_Id")
    said.check()
    configuration = said.text("Raft_Configuration") or None
    return SaveRaft(origin=request.origin, title=title, configuration=configuration, id=number)


def read_removed_raft(request: Request) -> RemoveRaft:
    """Read which raft to remove. Faults: Invalid."""
    said = read_parameters(request)
    number = _id(said, "Raft_Id")
    said.check()
    return RemoveRaft(origin=request.origin, id=number)


def read_items(request: Request) -> ItemsQuery:
    """Read which items of a raft are asked for. Faults: Invalid."""
    said = read_parameters(request)
    raft, application = _id(said, "Raft_Id"), said.whole("Application_Id")
    kind = _type(said) if said.given("RaftItemType_Code") else None
    said.check()
    title = said.text("RaftItem_Name")
    return ItemsQuery(origin=request.origin, raft=raft, application=application, type=kind, title=title)


def read_saved_item(request: Request) -> SaveItem:
    """Read an item of a raft to create or replace. Faults: Invalid."""
    said = read_parameters(request)
    raft, application = _id(said, "Raft_Id"), said.whole("Application_Id")
    kind, title, content = _type(said), said.needed("RaftItem_Name"), decoded(said, "Content_Bytes")
    said.check()
    return SaveItem(origin=request.origin, raft=raft, application=application, type=kind, title=title, content=content)


def read_removed_item(request: Request) -> RemoveItem:
    """Read which item of a raft to remove. Faults: Invalid."""
    said = read_parameters(request)
    raft, application = _id(said, "Raft_Id"), said.whole("Application_Id")
    kind, title = _type(said), said.needed("RaftItem_Name")
    said.check()
    return RemoveItem(origin=request.origin, raft=raft, application=application, type=kind, title=title)


def show_applications(views: Sequence[ApplicationView]) -> Reply:
    """Show applications."""
    return json_reply([_application(view) for view in views])


def show_application(views: Sequence[ApplicationView]) -> Reply:
    """Show an application, or none, as its clients expect it: among the rows of two tables."""
    return json_reply({"Applications_Extended": [_application(view) for view in views], "Deployables_Extended": []})


def show_id(record: Raft | ApplicationGroup | ApplicationView) -> Reply:
    """Show the id of what was made."""
    return json_reply(record.application.id if isinstance(record, ApplicationView) else record.id)


def show_nothing(_: object) -> Reply:
    """Answer nothing."""
    return empty_reply()


def show_groups(groups: Sequence[ApplicationGroup]) -> Reply:
    """Show groups of applications."""
    return json_reply([{"ApplicationGroup_Id": one.id, "ApplicationGroup_Name": one.title} for one in groups])


def show_rafts(rafts: Sequence[Raft]) -> Reply:
    """Show rafts."""
    return json_reply([_raft(raft) for raft in rafts])


def show_raft(raft: Raft | None) -> Reply:
    """Show a raft, or null."""
    return json_reply(_raft(raft) if raft is not None else None)


def show_items(views: Sequence[ItemView]) -> Reply:
    """Show items of a raft with their content."""
    return json_reply([_item(view) for view in views])


def _application(view: ApplicationView) -> Json:
    application = view.application
    return {
        "Application_Id": application.id,
        "Application_Name": application.title,
        "ApplicationGroup_Id": application.group if view.group else None,
        "ApplicationGroup_Name": view.group or None,
        "Active_Releases_Count": view.active_trains,
        "Active_Indicator": application.is_active,
        "Raft_Name": view.raft or None,
    }


def _raft(raft: Raft) -> Json:
    return {"Raft_Id": raft.id, "Raft_Name": raft.title, "Raft_Configuration": raft.configuration or None}


def _item(view: ItemView) -> Json:
    item = view.item
    return {
        "RaftItem_Id": item.id,
        "RaftItem_Name": item.title,
        "RaftItemType_Code": CODE_OF[item.type],
        "Raft_Id": item.raft,
        "Application_Id": item.application,
        "Application_Name": view.application,
        "Content_Bytes": base64.b64encode(item.content.encode()).decode(),
        "ModifiedOn_Date": item.changed_at.strftime("%Y-%m-%dT%H:%M:%S"),
        "ModifiedBy_User_Name": item.changed_by,
    }


def _id(said: Parameters, name: str) -> int:
    number = said.whole(name) if said.given(name) else None
    if not said.given(name):
        said.needed(name)
    return NO_ID if number is None else number


def _type(said: Parameters) -> ItemType:
    number = _id(said, "RaftItemType_Code")
    if said.given("RaftItemType_Code") and number not in CODES:
        said.refuse("RaftItemType_Code", f"should be one of {', '.join(map(str, CODES))}")
    return CODES.get(number, ItemType.SCRIPT)


def decoded(said: Parameters, name: str) -> str:
    """Return the text of a parameter that is base64 of UTF-8."""
    try:
        return base64.b64decode(said.text(name), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        said.refuse(name, "should be base64 of text in UTF-8")
        return ""
