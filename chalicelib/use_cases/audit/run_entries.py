"""Audit entries of what requests do to runs. Of decisions about them: effects/perform_audit.py."""

from dataclasses import replace

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of


def begun_entry(origin: Origin, plan: Plan) -> AuditEntry:
    """Return the entry of a run that a request has begun: the same, whenever the run is begun again."""
    entry = run_entry(origin, plan, "began-run")
    return replace(entry, id=f"{plan.id}/began-run", details={**entry.details, "trigger": plan.trigger})


def run_entry(origin: Origin, plan: Plan, act: str, notes: str = "") -> AuditEntry:
    """Return the entry of what a request did to a run."""
    ref = plan.definition
    environment = {"environment": ref.environment} if ref.environment else {}
    details = {"run": plan.id, **environment}
    action = AuditAction(act=act, subject=plan.run_title, project=ref.project, notes=notes, details=details)
    return entry_of(origin, action)
