# Load tests have records of their own.

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

SHARE = (
    django.core.validators.MinValueValidator(Decimal("0")),
    django.core.validators.MaxValueValidator(Decimal("100")),
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("inventory", "0001_initial"),
        ("monitoring", "0003_percentiles"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoadTest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("before", models.CharField(max_length=200, verbose_name="tested before")),
                ("tested_on", models.DateField()),
                ("unit", models.CharField(max_length=40, verbose_name="unit of the load")),
                ("load_aimed", models.PositiveIntegerField(verbose_name="load, aimed at")),
                ("load_reached", models.PositiveIntegerField(blank=True, null=True, verbose_name="load, reached")),
                ("answer_limit_ms", models.PositiveIntegerField(verbose_name="95th percentile of the answers, allowed")),
                (
                    "answer_ms",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="95th percentile of the answers, measured"),
                ),
                (
                    "errors_allowed",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, validators=SHARE, verbose_name="errors in percent, allowed"
                    ),
                ),
                (
                    "errors_seen",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=SHARE,
                        verbose_name="errors in percent, seen",
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=10000, verbose_name="what was learned")),
                ("recorded_at", models.DateTimeField()),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="load_tests",
                        to="evidence.evidence",
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="load_tests",
                        to="inventory.system",
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
                (
                    "tested_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
            ],
            options={
                "ordering": ["-tested_on", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-tested_on"], name="load_test_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="load_test_reference_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("answer_limit_ms__gt", 0), ("load_aimed__gt", 0)), name="load_test_aims"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("errors_allowed__range", (0, 100)),
                            models.Q(("errors_seen", None), ("errors_seen__range", (0, 100)), _connector="OR"),
                        ),
                        name="load_test_errors",
                    ),
                ],
            },
        ),
        TenantTable("LoadTest"),
        Stateful("LoadTest"),
        Immutable("LoadTest"),
    ]
