import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("tenancy", "0002_measure"),
        ("workflow", "0003_absence"),
    ]

    operations = [
        migrations.CreateModel(
            name="AllowedHost",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=253, verbose_name="name or address")),
                ("port", models.PositiveIntegerField(blank=True, null=True)),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                (
                    "status",
                    models.CharField(
                        choices=[("allowed", "Allowed"), ("withdrawn", "Withdrawn")],
                        default="allowed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("allowed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "allowed_by",
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
                "ordering": ["host", "port", "-allowed_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "allowed")),
                        fields=("tenant", "port", "host"),
                        name="allowed_host_once",
                        nulls_distinct=False,
                        violation_error_message="This host is allowed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["allowed", "withdrawn"])), name="allowed_host_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("port__isnull", True), models.Q(("port__gte", 1), ("port__lte", 65535)), _connector="OR"
                        ),
                        name="allowed_host_port",
                    ),
                ],
            },
        ),
        TenantTable("AllowedHost"),
        Stateful("AllowedHost"),
    ]
