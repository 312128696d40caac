"""Who may look after an audit period."""

from controls.models import AuditPeriod
from workflow.delegations.kinds import Kind

READ, WRITE = "controls.read", "controls.write"
# With one period its days, scope and auditor; controls themselves and their tests go into nobody's care.
KIND = Kind("period", "Audit period", AuditPeriod, (READ, WRITE), WRITE, is_over=lambda one: one.status == "closed")
