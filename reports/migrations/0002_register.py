"""The workbook of the tables that a report cuts."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations

import tenancy.models
from tenancy.operations import TenantKeys


class Migration(migrations.Migration):
    """Reports of before have none."""

    dependencies: ClassVar = [("reports", "0001_initial"), ("evidence", "0006_orders")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="monthlyreport",
            name="register",
            field=tenancy.models.TenantForeignKey(
                help_text="all rows of the tables that paper cuts",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.storedfile",
            ),
        ),
        TenantKeys("MonthlyReport", ["register"]),
    ]
