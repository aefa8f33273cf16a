"""How builds of the shop travel: by a script for each stage, past an approval and a window."""

from datetime import timedelta

STAGES = ("Integration", "Staging", "Production")
PLANS = {"Integration": "Integrate", "Staging": "Stage", "Production": "Go Live"}
SCRIPTS = {"Integrate": "integrate.sh", "Stage": "stage.sh", "Go Live": "go-live.sh"}
OPEN_FOR = timedelta(hours=6)


def pipeline(opens):
    """The pipeline as BuildMaster's clients write it. opens: the instant at which production opens, in UTC."""
    times = {"StartTime": f"{opens:%H:%M:%S}+00:00", "EndTime": f"{opens + OPEN_FOR:%H:%M:%S}+00:00"}
    gates = {
        "Staging": {"UserApprovals": [{"Name": "admin", "Description": "Somebody has looked at the page"}]},
        "Production": {"DeploymentWindows": [times]},
    }
    stages = [
        {"Name": stage, "Gate": gates.get(stage, {}), "Targets": [{"PlanName": plan, "EnvironmentName": stage}]}
        for stage, plan in PLANS.items()
    ]
    return {"Name": "Standard", "EnforceStageSequence": True, "Stages": stages}
