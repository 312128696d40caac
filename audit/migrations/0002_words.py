"""The words of names in the trail, by which rare ones are found, and until when they have been learned."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import TenantTable


def _tenant() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_index=False,
        default=tenancy.scope.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.organization",
    )


class Migration(migrations.Migration):
    """Both are derived from the events, and are learned again when they are gone."""

    dependencies: ClassVar = [("audit", "0001_initial"), ("tenancy", "0002_measure")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditWord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("record_id", models.UUIDField()),
                ("word", models.CharField(db_collation="C", max_length=64)),
                ("tenant", _tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "word", "record_id"), name="audit_word_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLearned",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
                ("tenant", _tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="audit_learned_unique")],
            },
        ),
        TenantTable("AuditWord"),
        TenantTable("AuditLearned"),
    ]
