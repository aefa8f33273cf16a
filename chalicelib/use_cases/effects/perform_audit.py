"""Write an act on a run to the audit log."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.effects import Audit, effect_id
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.ports.bundle import Ports


def write_act(ports: Ports, plan: Plan, run: Run, effect: Audit) -> None:
    """Write who did what to the run; repeating it keeps one entry."""
    act = run.acts[effect.act]
    kind = act.behind[0].partition(":")[0] if act.behind else ""
    place = {"run": run.id, "execution": str(act.execution), "node": act.node, "kind": kind}
    entry = AuditEntry(
        id=effect_id(run.id, effect),
        at=act.at,
        by=act.by,
        act=act.kind.value,
        subject=plan.run_title,
        project=plan.definition.project,
        notes=act.notes,
        details={name: value for name, value in place.items() if value not in ("", "0")},
    )
    ports.audits.write(entry)
