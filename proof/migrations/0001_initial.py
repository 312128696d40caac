"""Checks of the trail."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0004_company"),
        ("evidence", "0007_unreadable"),
        ("audit", "0004_seal"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrailCheck",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20)),
                ("at", models.DateTimeField(verbose_name="as of")),
                ("finished_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("intact", "Intact"), ("broken", "Broken"), ("not_evaluable", "Could not be evaluated")],
                        max_length=13,
                    ),
                ),
                ("events", models.BigIntegerField()),
                ("heads", models.BigIntegerField()),
                ("root", models.CharField(blank=True, max_length=64)),
                ("found", models.BigIntegerField(verbose_name="faults")),
                ("faults", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("unasked", models.JSONField(default=list)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
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
                "ordering": ["-at"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "-at"], name="proof_check_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="proof_check_reference"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["intact", "broken", "not_evaluable"])), name="proof_check_outcome"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "intact"), _negated=True),
                            models.Q(("found", 0), ("unasked", [])),
                            _connector="OR",
                        ),
                        name="proof_check_intact",
                    ),
                ],
            },
        ),
        TenantTable("TrailCheck"),
        Stateful("TrailCheck"),
        Immutable("TrailCheck"),
    ]
