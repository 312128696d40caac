import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

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
        ("evidence", "0002_vault"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
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
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="population_reference_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["freezing", "frozen", "failed"])), name="population_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_from__lte", models.F("period_to"))), name="population_period"
                    ),
                ],
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
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "population",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="evidence.population"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "population", "number"), name="sample_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("number", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="sample_redraw_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("object_id", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("url", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="evidence.evidence"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "object_id"], name="evidence_link_object")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "evidence", "kind", "object_id"),
                        name="evidence_link_unique",
                        violation_error_message="It is linked to this already.",
                    )
                ],
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
                (
                    "collected_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="evidence.evidence"
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "evidence", "number"), name="evidence_revision_unique")
                ],
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
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="evidence.storedfile"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "checked_at"], name="file_check_oldest")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "file"), name="file_check_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["intact", "altered", "missing"])), name="file_check_result"
                    ),
                ],
            },
        ),
        migrations.RunSQL(REVISIONS, migrations.RunSQL.noop),
        TenantTable("EvidenceRevision"),
        TenantTable("EvidenceLink"),
        TenantTable("FileCheck"),
        TenantTable("Population"),
        TenantTable("Sample"),
        Immutable("EvidenceRevision"),
        Immutable("Sample"),
        Immutable("Population", status="frozen"),
        Stateful("Population"),
        Stateful("EvidenceLink", insert_parent="evidence"),
    ]
