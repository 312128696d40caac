import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import TenantKeys

# What exists gets its number and its first revision. Nothing of it changes, so the trail has nothing to say.
NUMBER = """
ALTER TABLE evidence_evidence NO FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_referencecounter NO FORCE ROW LEVEL SECURITY;
ALTER TABLE evidence_evidence DISABLE TRIGGER USER;
WITH numbered AS (
  SELECT id, to_char(collected_at, 'YYYY') AS year,
         row_number() OVER (PARTITION BY tenant_id, to_char(collected_at, 'YYYY') ORDER BY collected_at, id) AS n
  FROM evidence_evidence)
UPDATE evidence_evidence AS e SET reference = 'EV-' || numbered.year || '-' || lpad(numbered.n::text, 4, '0')
FROM numbered WHERE numbered.id = e.id;
INSERT INTO workflow_referencecounter (id, tenant_id, prefix, series, last)
SELECT uuid_v7(), tenant_id, 'EV', to_char(collected_at, 'YYYY'), count(*) FROM evidence_evidence GROUP BY 2, 4;
ALTER TABLE evidence_evidence ENABLE TRIGGER USER;
ALTER TABLE evidence_evidence FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow_referencecounter FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_status",
        ),
        migrations.AddField(
            model_name="evidence",
            name="expires_on",
            field=models.DateField(blank=True, help_text="after this day it is stale", null=True, verbose_name="expires"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="owner",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="reference",
            field=models.CharField(default="", max_length=30, verbose_name="number"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="evidence",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="evidence",
            name="superseded_by",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supersedes",
                to="evidence.evidence",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="validated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="validated_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="withdrawn_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="category",
            field=models.CharField(
                choices=[
                    ("access_control", "Access control"),
                    ("monitoring", "Monitoring"),
                    ("change_management", "Change management"),
                    ("incident_response", "Incident response"),
                    ("backup", "Backup"),
                    ("policy", "Policy"),
                    ("vendor", "Vendor"),
                    ("risk", "Risk"),
                    ("training", "Training"),
                    ("other", "Other"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="collector",
            field=models.CharField(help_text="program or person that collected it", max_length=100),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="file",
            field=tenancy.models.TenantForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="evidence.storedfile"
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="method",
            field=models.CharField(
                choices=[("automatic", "Automatic"), ("manual", "Manual")], max_length=10, verbose_name="collected"
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="period_from",
            field=models.DateField(blank=True, null=True, verbose_name="period from"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="period_to",
            field=models.DateField(blank=True, null=True, verbose_name="period to"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="query",
            field=models.TextField(blank=True, verbose_name="query or report"),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="source",
            field=models.CharField(help_text="system or person it comes from", max_length=200),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="status",
            field=models.CharField(
                choices=[("current", "Current"), ("superseded", "Superseded"), ("withdrawn", "Withdrawn")],
                default="current",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="subject_id",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="subject_kind",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["tenant", "-collected_at", "id"], name="evidence_collected"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["tenant", "status", "expires_on"], name="evidence_expiry"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["tenant", "file"], name="evidence_file"),
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="evidence_reference_unique"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["current", "superseded", "withdrawn"])), name="evidence_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("period_from__isnull", True),
                    ("period_to__isnull", True),
                    ("period_from__lte", models.F("period_to")),
                    _connector="OR",
                ),
                name="evidence_period",
                violation_error_message="The period ends before it begins.",
            ),
        ),
        TenantKeys("Evidence", ["superseded_by"]),
    ]
