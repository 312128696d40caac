from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, TenantTable


class Migration(migrations.Migration):
    """Certificates of acknowledgements, as they were printed."""

    dependencies: ClassVar = [
        ("evidence", "0005_imports"),
        ("tenancy", "0002_measure"),
        ("policies", "0006_sealed_anew"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="AcknowledgementPaper",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256 of what it was printed from")),
                ("made_at", models.DateTimeField()),
                (
                    "acknowledgement",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="policies.acknowledgement"
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
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
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="acknowledgementpaper",
            constraint=models.UniqueConstraint(
                fields=("tenant", "acknowledgement", "digest"), name="acknowledgement_paper_unique"
            ),
        ),
        TenantTable("AcknowledgementPaper"),
        Immutable("AcknowledgementPaper"),
    ]
