import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("changes", "0001_initial"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="FreezeWindow",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.TextField(max_length=2000, verbose_name="why nothing is to be changed")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In the calendar"), ("cancelled", "Cancelled")],
                        default="active",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
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
                "ordering": ["starts_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "ends_at"], name="freeze_ends")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "cancelled"])), name="freeze_status"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="freeze_forward",
                        violation_error_message="The freeze ends before it begins.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FreezeSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="freezes", to="inventory.system"
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
                    "freeze",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="systems", to="changes.freezewindow"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "freeze", "system"), name="freeze_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="ChangeFreezeOverride",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reason", models.TextField(max_length=2000)),
                ("window_from", models.DateTimeField(null=True)),
                ("window_until", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "Given"), ("withdrawn", "Withdrawn")],
                        default="given",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="freeze_overrides", to="changes.change"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "requested_by",
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
                (
                    "freeze",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="changes.freezewindow"
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "given")),
                        fields=("tenant", "change", "freeze"),
                        name="freeze_override_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["given", "withdrawn"])), name="freeze_override_status"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="freeze_override_why"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given_by__isnull", True),
                            ("requested_by__isnull", True),
                            models.Q(("given_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="freeze_override_by_another",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["tenant", "window_until", "window_from"], name="change_window_end"),
        ),
        TenantTable("FreezeWindow"),
        TenantTable("FreezeSystem"),
        TenantTable("ChangeFreezeOverride"),
        Stateful("FreezeWindow"),
        Stateful("ChangeFreezeOverride"),
    ]
