"""Every name a customer who left had, and certificates of more than a table of the product holds."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("privacy", "0003_alerts_held")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="endedcustomer",
            name="former_names",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200),
                default=list,
                editable=False,
                size=None,
                verbose_name="also known as",
            ),
        ),
        migrations.AlterField(
            model_name="deletioncertificate", name="count", field=models.PositiveBigIntegerField(verbose_name="how many")
        ),
        migrations.AlterField(
            model_name="deletioncertificate",
            name="held",
            field=models.PositiveBigIntegerField(default=0, verbose_name="kept for a legal hold"),
        ),
    ]
