"""What is asked of BuildMaster's rows. Their permission lets in all that are known; the handler says who may what."""

from tests.dialects.matrix.ask import Ask
from tests.dialects.matrix.callers import ADMIN, NOBODY, OWNERS, WRITERS

NATIVE = "/api/json"
BY_ADMIN = frozenset({ADMIN})
WEB = '"Application_Name":"web"'
SCRIPT = {"Raft_Id": 1, "RaftItem_Name": "Deploy", "RaftItemType_Code": 4, "Content_Bytes": "ZWNobw=="}
OWN_SCRIPT = {**SCRIPT, "Application_Id": "$application"}


def everywhere(**body: object) -> Ask:
    """What owners of every project may, of whom the admin is the only one here."""
    return Ask(body=body, who=BY_ADMIN, unseen=NOBODY)


BUILDMASTER_ASKS = {
    f"GET {NATIVE}/Applications_GetApplications": Ask(shows=WEB),
    f"POST {NATIVE}/Applications_GetApplications": Ask(shows=WEB),
    f"GET {NATIVE}/Applications_GetApplication": Ask(query="Application_Name=WEB", shows=WEB),
    f"POST {NATIVE}/Applications_GetApplication": Ask(body={"Application_Id": "$application"}, shows=WEB),
    f"POST {NATIVE}/Applications_CreateApplication": everywhere(Application_Name="New"),
    f"POST {NATIVE}/Applications_EditApplication": Ask(
        body={"Application_Id": "$application", "Application_Name": "Store"}, who=OWNERS
    ),
    f"POST {NATIVE}/Applications_DeactivateApplication": Ask(body={"Application_Id": "$application"}, who=OWNERS),
    f"POST {NATIVE}/ApplicationGroups_GetOrCreateApplicationGroup": everywhere(ApplicationGroup_Name="Shops"),
    f"POST {NATIVE}/ApplicationGroups_CreateOrUpdateApplicationGroup": everywhere(ApplicationGroup_Name="Shops"),
    f"POST {NATIVE}/ApplicationGroups_DeleteApplicationGroup": everywhere(ApplicationGroup_Id=7),
    f"GET {NATIVE}/Rafts_GetRaft": Ask(query="Raft_Id=1"),
    f"POST {NATIVE}/Rafts_GetRaft": Ask(body={"Raft_Name": "global"}),
    f"POST {NATIVE}/Rafts_CreateOrUpdateRaft": everywhere(Raft_Name="tools"),
    f"POST {NATIVE}/Rafts_DeleteRaft": everywhere(Raft_Id=7),
    f"GET {NATIVE}/Rafts_GetRaftItems": Ask(query="Raft_Id=1&Application_Id=$application", shows="Smoke"),
    f"POST {NATIVE}/Rafts_GetRaftItems": Ask(body={"Raft_Id": 1, "Application_Id": "$application"}, shows="Smoke"),
    f"POST {NATIVE}/Rafts_CreateOrUpdateRaftItem": Ask(body=OWN_SCRIPT, who=WRITERS),
    f"POST {NATIVE}/Rafts_DeleteRaftItem": Ask(body=OWN_SCRIPT, who=WRITERS),
}
