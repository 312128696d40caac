"""What is shown for somebody who was erased, while the events stay as they are."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import TenantTable


class Migration(migrations.Migration):
    """One row for each id that was somebody's."""

    dependencies: ClassVar = [("audit", "0002_words"), ("tenancy", "0002_measure")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditPseudonym",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("pseudonym", models.CharField(max_length=60)),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "record_id"), name="audit_pseudonym_unique"),
                ],
            },
        ),
        TenantTable("AuditPseudonym"),
    ]
