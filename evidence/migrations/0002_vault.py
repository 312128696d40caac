import django.contrib.postgres.fields
import django.db.models.deletion
import tenancy.ids
import tenancy.models
import tenancy.scope
from django.db import migrations, models

from tenancy.operations import Immutable, Stateful, TenantKeys, TenantTable


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
REVISIONS = """
ALTER TABLE evidence_evidence NO FORCE ROW LEVEL SECURITY;
INSERT INTO evidence_evidencerevision
  (id, tenant_id, evidence_id, number, file_id, collected_at, collected_by_id, period_from, period_to, note, made_at)
SELECT uuid_v7(), tenant_id, id, 1, file_id, collected_at, collected_by_id, period_from, period_to, '', collected_at
FROM evidence_evidence;
ALTER TABLE evidence_evidence FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="EvidenceRevision",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("collected_at", models.DateTimeField()),
                ("period_from", models.DateField(null=True)),
                ("period_to", models.DateField(null=True)),
                ("note", models.TextField(blank=True, help_text="why there is a new revision")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="FileCheck",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "result",
                    models.CharField(
                        choices=[("intact", "Intact"), ("altered", "Altered"), ("missing", "Missing")], max_length=10
                    ),
                ),
                ("checked_at", models.DateTimeField()),
                ("since", models.DateTimeField(help_text="when this result was first found")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=30, verbose_name="number")),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                ("period_from", models.DateField(verbose_name="period from")),
                ("period_to", models.DateField(verbose_name="period to")),
                (
                    "status",
                    models.CharField(
                        choices=[("freezing", "Being frozen"), ("frozen", "Frozen"), ("failed", "Could not be frozen")],
                        default="freezing",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "statement",
                    models.TextField(blank=True, help_text="where the rows come from and what they were checked against"),
                ),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 over the ordered rows", max_length=64)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-made_at"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "method",
                    models.CharField(
                        choices=[("seed", "Drawn by seed"), ("chosen", "The auditor's own selection")], max_length=10
                    ),
                ),
                ("algorithm", models.CharField(blank=True, max_length=40)),
                ("seed", models.CharField(blank=True, max_length=200)),
                ("seed_from", models.CharField(blank=True, max_length=200, verbose_name="who gave the seed")),
                ("size", models.PositiveIntegerField()),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        help_text="the chosen rows by their key, in the order of the draw",
                        size=None,
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="why it was drawn again")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
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
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="supersedes", to="evidence.evidence"
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
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="validated_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
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
            field=models.UUIDField(null=True),
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
        migrations.AddField(
            model_name="evidencelink",
            name="evidence",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="links", to="evidence.evidence"
            ),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenancy.scope.current_tenant_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
        migrations.AddField(
            model_name="evidencerevision",
            name="collected_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="evidencerevision",
            name="evidence",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="evidence.evidence"
            ),
        ),
        migrations.AddField(
            model_name="evidencerevision",
            name="file",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="evidencerevision",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenancy.scope.current_tenant_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
        migrations.AddField(
            model_name="filecheck",
            name="file",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="evidence.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="filecheck",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenancy.scope.current_tenant_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
        migrations.AddField(
            model_name="population",
            name="file",
            field=tenancy.models.TenantForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="population",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="population",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenancy.scope.current_tenant_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="population",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="evidence.population"
            ),
        ),
        migrations.AddField(
            model_name="sample",
            name="tenant",
            field=models.ForeignKey(
                db_index=False,
                default=tenancy.scope.current_tenant_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencelink",
            index=models.Index(fields=["tenant", "object_id"], name="evidence_link_object"),
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.UniqueConstraint(fields=("tenant", "evidence", "kind", "object_id"), name="evidence_link_unique"),
        ),
        migrations.AddConstraint(
            model_name="evidencerevision",
            constraint=models.UniqueConstraint(fields=("tenant", "evidence", "number"), name="evidence_revision_unique"),
        ),
        migrations.AddIndex(
            model_name="filecheck",
            index=models.Index(fields=["tenant", "checked_at"], name="file_check_oldest"),
        ),
        migrations.AddConstraint(
            model_name="filecheck",
            constraint=models.UniqueConstraint(fields=("tenant", "file"), name="file_check_unique"),
        ),
        migrations.AddConstraint(
            model_name="filecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["intact", "altered", "missing"])), name="file_check_result"
            ),
        ),
        migrations.AddConstraint(
            model_name="population",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="population_reference_unique"),
        ),
        migrations.AddConstraint(
            model_name="population",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["freezing", "frozen", "failed"])), name="population_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="population",
            constraint=models.CheckConstraint(
                condition=models.Q(("period_from__lte", models.F("period_to"))), name="population_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.UniqueConstraint(fields=("tenant", "population", "number"), name="sample_unique"),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="sample_redraw_has_a_reason",
            ),
        ),
        migrations.RunSQL(REVISIONS, migrations.RunSQL.noop),
        TenantKeys("Evidence", ["superseded_by"]),
        TenantTable("EvidenceRevision"),
        TenantTable("EvidenceLink"),
        TenantTable("FileCheck"),
        TenantTable("Population"),
        TenantTable("Sample"),
        Immutable("EvidenceRevision"),
        Immutable("Sample"),
        Stateful("Population"),
        Stateful("EvidenceLink", insert_parent="evidence"),
    ]
