import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0004_sources"),
        ("evidence", "0006_orders"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRecord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("implemented", "Implemented"),
                            ("reviewed", "Reviewed"),
                            ("closed", "Closed"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("failed", "Failed"),
                            ("rolled_back", "Rolled back"),
                        ],
                        max_length=11,
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of its line")),
                ("taken_at", models.DateTimeField()),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="changes.change"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="change_records", to="evidence.evidence"
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
                "ordering": ["taken_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "change", "evidence", "stage"), name="change_record_unique")
                ],
            },
        ),
        TenantTable("ChangeRecord"),
        Immutable("ChangeRecord"),
    ]
