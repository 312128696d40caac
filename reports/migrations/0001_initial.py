import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_tokens"),
        ("evidence", "0005_imports"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonthlyReport",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("kind", models.CharField(choices=[("monthly", "Monthly"), ("asked", "On demand")], max_length=8)),
                ("month", models.CharField(blank=True, help_text="such as 2026-10, of a monthly one", max_length=7)),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                (
                    "status",
                    models.CharField(
                        choices=[("pending", "Being made"), ("ready", "Ready"), ("failed", "Not made yet")],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("as_of", models.DateTimeField(null=True, verbose_name="data as of")),
                ("implemented", models.PositiveIntegerField(null=True)),
                ("in_scope", models.PositiveIntegerField(null=True)),
                ("matters", models.PositiveIntegerField(help_text="what an auditor could report", null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True, verbose_name="what went wrong")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "snapshot",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
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
                "ordering": ["-ends_on", "-asked_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "-ends_on"], name="report_latest"),
                    models.Index(
                        condition=models.Q(("status", "ready"), _negated=True),
                        fields=["tenant", "asked_at"],
                        name="report_unfinished",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="report_reference_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("month", ""), _negated=True), fields=("tenant", "month"), name="report_month_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["pending", "ready", "failed"])), name="report_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "monthly"), models.Q(("month", ""), _negated=True)),
                            models.Q(("kind", "asked"), ("month", "")),
                            _connector="OR",
                        ),
                        name="report_kind_has_a_month",
                    ),
                    models.CheckConstraint(condition=models.Q(("starts_on__lte", models.F("ends_on"))), name="report_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ready"), _negated=True),
                            models.Q(
                                ("as_of__isnull", False),
                                ("evidence__isnull", False),
                                ("ready_at__isnull", False),
                                ("snapshot__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_ready",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSettings",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "recipients",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, help_text="members", size=None
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
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="report_settings_unique")],
            },
        ),
        TenantTable("MonthlyReport"),
        TenantTable("ReportSettings"),
        Immutable("MonthlyReport", status="ready"),
        Stateful("MonthlyReport"),
        Stateful("ReportSettings"),
    ]
