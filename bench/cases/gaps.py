"""A gap analysis of 1,000 controls and 100,000 evidence items against the bare SQL of what it rests on."""

from django.db import connection, transaction

from bench.harness import Case
from bench.programme import CONTROLS, programme
from controls.gaps.actions import take_run
from controls.gaps.inputs import statements
from controls.models import AuditPeriod
from tenancy.scope import tenant

_STATES = """
SELECT s.*, c.*, p.name FROM controls_controlstate s
JOIN controls_control c ON c.tenant_id = s.tenant_id AND c.id = s.control_id
LEFT JOIN inventory_person p ON p.tenant_id = c.tenant_id AND p.id = c.owner_id
WHERE s.tenant_id = %s AND s.period_id = %s AND s.in_scope ORDER BY c.code
"""
_CRITERIA = "SELECT control_id, criterion FROM controls_controlcriterion WHERE tenant_id = %s ORDER BY criterion"


def gap_run() -> Case:
    """The whole run, undone at its end: figures, gaps, recommendations, the file, its evidence and the events."""
    member = programme().large
    organization = member.organization
    with tenant(organization):
        period = AuditPeriod.objects.get()
    key = organization.pk
    asked = [*statements(key, period, organization.today()), (_STATES, (key, period.pk)), (_CRITERIA, (key,))]

    def run() -> None:
        with tenant(organization):
            made = take_run(period, actor=member)
            if made.in_scope != CONTROLS:
                raise RuntimeError(f"The run counts {made.in_scope} controls.")
            transaction.set_rollback(True)

    def floor() -> None:
        with tenant(organization), connection.cursor() as cursor:
            for sql, params in asked:
                cursor.execute(sql, params)
                cursor.fetchall()

    return Case("gap_run", 3.0, run, floor)
