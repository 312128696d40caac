"""Scans that were imported wrongly are withdrawn; all else of a scan stays as it was kept."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import Immutable

FACTS = (
    "id", "tenant_id", "reference", "scope_id", "tool", "tool_name", "tool_version", "target", "ran_at", "ran_basis",
    "imported_at", "imported_by_id", "evidence_id", "file_id", "sha256", "evaluable", "reasons", "notes", "targets", "checked",
    "skipped", "found", "new", "reopened", "fixed", "suppressed",
)  # fmt: skip
THAW = "DROP TRIGGER immutable ON vulnerabilities_scan"
FREEZE = """
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON vulnerabilities_scan
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_change()
"""
# Once, and for good: the file can be imported again.
ENDED = """
CREATE TRIGGER withdrawn BEFORE UPDATE ON vulnerabilities_scan
  FOR EACH ROW WHEN (OLD.status = 'withdrawn') EXECUTE FUNCTION tenancy_refuse_change()
"""
STATES = [
    ("open", "Open"),
    ("ready_for_retest", "Ready for retest"),
    ("fixed", "Fixed"),
    ("accepted", "Accepted"),
    ("withdrawn", "Withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("vulnerabilities", "0003_views_move"),
    ]

    operations = [
        migrations.AddField(
            model_name="scan",
            name="status",
            field=models.CharField(
                choices=[("kept", "Kept"), ("withdrawn", "Withdrawn")], default="kept", max_length=9, verbose_name="state"
            ),
        ),
        migrations.AddField(
            model_name="scan", name="withdrawn_at", field=models.DateTimeField(null=True, verbose_name="withdrawn")
        ),
        migrations.AddField(
            model_name="scan",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="scan",
            name="withdrawn_reason",
            field=models.TextField(blank=True, max_length=2000, verbose_name="why it was withdrawn"),
        ),
        migrations.RemoveConstraint(model_name="scan", name="scan_once"),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "kept")),
                fields=("tenant", "scope", "sha256", "ran_at", "evaluable"),
                name="scan_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "kept"), ("withdrawn_at", None)),
                    models.Q(
                        ("status", "withdrawn"),
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="scan_withdrawn",
            ),
        ),
        migrations.AlterField(
            model_name="vulnerability",
            name="status",
            field=models.CharField(choices=STATES, default="open", max_length=16, verbose_name="state"),
        ),
        migrations.RemoveConstraint(model_name="vulnerability", name="vulnerability_status"),
        migrations.AddConstraint(
            model_name="vulnerability",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "ready_for_retest", "fixed", "accepted", "withdrawn"])),
                name="vulnerability_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="vulnerability",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("status", "withdrawn"), _negated=True), ("scope__isnull", False), _connector="OR"),
                name="vulnerability_withdrawn_of_scans",
            ),
        ),
        migrations.RunSQL(THAW, FREEZE),
        Immutable("Scan", columns=FACTS),
        migrations.RunSQL(ENDED, "DROP TRIGGER withdrawn ON vulnerabilities_scan"),
    ]
