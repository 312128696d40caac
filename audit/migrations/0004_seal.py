"""The signed tree over the trail: the place of each event in it, and its heads."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import Immutable, TenantTable

# Sealing asks for what was committed since the last head.
BY_TRANSACTION = "CREATE INDEX audit_event_xid ON audit_event (tenant_id, xid)"


def tenant() -> Any:
    """The organization of a row."""
    return models.ForeignKey(
        db_index=False,
        default=tenancy.scope.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.organization",
    )


class Migration(migrations.Migration):
    """Leaves and heads are only added to."""

    dependencies: ClassVar = [("audit", "0003_pseudonyms"), ("tenancy", "0002_measure")]
    operations: ClassVar = [
        migrations.RunSQL(BY_TRANSACTION, "DROP INDEX audit_event_xid"),
        migrations.CreateModel(
            name="AuditLeaf",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("leaf", models.BinaryField(editable=False)),
                ("tenant", tenant()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "position"), name="audit_leaf_position")],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(editable=False)),
                ("peaks", models.BinaryField(editable=False)),
                ("horizon", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("body", models.TextField()),
                ("signature", models.BinaryField(editable=False)),
                ("public", models.BinaryField(editable=False)),
                ("tenant", tenant()),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "number"), name="audit_head_number")],
            },
        ),
        TenantTable("AuditLeaf"),
        TenantTable("AuditHead"),
        Immutable("AuditLeaf"),
        Immutable("AuditHead"),
    ]
