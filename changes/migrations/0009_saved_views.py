import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("changes", "0008_written"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.member"),
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "member", "name"),
                        name="saved_view_name_unique",
                        violation_error_message="You have a view of this name already.",
                    )
                ],
            },
        ),
        TenantTable("SavedView"),
    ]
