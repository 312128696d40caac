import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_care"),
        ("tenancy", "0002_measure"),
        ("workflow", "0006_factor_reset"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30, verbose_name="what kind of record")),
                ("subject_id", models.UUIDField(verbose_name="the record")),
                ("subject", models.CharField(max_length=240, verbose_name="what is handed over")),
                (
                    "grants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("until", models.DateField(verbose_name="until, that day included")),
                ("reason", models.CharField(max_length=500)),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "In force"), ("ended", "Ended early"), ("expired", "Over")],
                        default="given",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "given_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "guardian",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
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
                "ordering": ["-given_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "guardian", "status"], name="delegation_guardian")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "given")),
                        fields=("tenant", "subject_id"),
                        name="delegation_once",
                        violation_error_message="It is in somebody's care already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["given", "ended", "expired"])), name="delegation_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("guardian", models.F("given_by")), _negated=True), name="delegation_to_another"
                    ),
                ],
            },
        ),
        TenantTable("Delegation"),
        Stateful("Delegation"),
    ]
