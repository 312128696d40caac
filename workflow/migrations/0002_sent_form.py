import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
from tenancy.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64)),
                ("target", models.CharField(blank=True, max_length=300)),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "key"), name="sent_form_once")],
            },
        ),
        TenantTable("SentForm"),
    ]
