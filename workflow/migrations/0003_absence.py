import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("tenancy", "0002_measure"),
        ("workflow", "0002_sent_form"),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("starts_on", models.DateField(verbose_name="away from")),
                ("ends_on", models.DateField(verbose_name="last day away")),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        choices=[("set", "Set"), ("ended", "Ended early")], default="set", max_length=5, verbose_name="state"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stands_in", to="accounts.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="accounts.member"),
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
                "ordering": ["-starts_on", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "deputy", "ends_on"], name="absence_deputy")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["set", "ended"])), name="absence_status"),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("deputy")), _negated=True), name="absence_of_another"
                    ),
                    models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="absence_forward"),
                ],
            },
        ),
        TenantTable("Absence"),
        Stateful("Absence"),
    ]
