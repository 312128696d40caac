"""Packages for the auditor."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_company"),
        ("controls", "0010_counted_day"),
        ("evidence", "0007_unreadable"),
        ("proof", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditPackage",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("with_requests", models.BooleanField(default=True, verbose_name="the auditor's requests")),
                ("with_populations", models.BooleanField(default=True, verbose_name="populations and samples")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Being made"), ("ready", "Ready"), ("failed", "Not made")],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("problem", models.TextField(blank=True, verbose_name="what went wrong")),
                ("as_of", models.DateTimeField(null=True, verbose_name="data as of")),
                ("ready_at", models.DateTimeField(null=True)),
                ("files", models.PositiveIntegerField(null=True)),
                ("events", models.PositiveIntegerField(null=True)),
                ("head", models.BigIntegerField(null=True, verbose_name="number of the head")),
                ("manifest", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of its manifest of manifests")),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="packages", to="controls.auditperiod"
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
                "ordering": ["-asked_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-asked_at"], name="proof_package_latest")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="proof_package_reference"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "ready", "failed"])), name="proof_package_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ready"), _negated=True), ("file__isnull", False), _connector="OR"
                        ),
                        name="proof_package_ready",
                    ),
                ],
            },
        ),
        TenantTable("AuditPackage"),
        Stateful("AuditPackage"),
        Immutable("AuditPackage", status="ready"),
    ]
