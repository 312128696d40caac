"""The finding that an emergency without its approval in writing has become."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations

import tenancy.models
from tenancy.operations import TenantKeys


class Migration(migrations.Migration):
    """One finding for each, ever."""

    dependencies: ClassVar = [("changes", "0007_guard"), ("controls", "0008_noted")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="change",
            name="written_finding",
            field=tenancy.models.TenantForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="controls.finding",
            ),
        ),
        TenantKeys("Change", ["written_finding"]),
    ]
