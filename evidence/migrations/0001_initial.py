import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("accounts", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("content_type", models.CharField(help_text="found from the content, not from the name", max_length=100)),
                ("name", models.CharField(max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "sha256"), name="stored_file_unique")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("category", models.CharField(choices=[("access_control", "Access control"), ("other", "Other")], max_length=30)),
                ("description", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "Current"), ("withdrawn", "Withdrawn")], default="current", max_length=10
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("method", models.CharField(choices=[("automatic", "Automatic"), ("manual", "Manual")], max_length=10)),
                ("collector", models.CharField(max_length=100)),
                ("query", models.TextField(blank=True)),
                ("period_from", models.DateField(null=True)),
                ("period_to", models.DateField(null=True)),
                ("collected_at", models.DateTimeField()),
                ("subject_kind", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField()),
                (
                    "collected_by",
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
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["-collected_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "subject_id", "-collected_at"], name="evidence_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["current", "withdrawn"])), name="evidence_status")
                ],
            },
        ),
        TenantTable("StoredFile"),
        TenantTable("Evidence"),
        Stateful("Evidence"),
        Immutable("StoredFile"),
    ]
