# An hour keeps its durations in bins, so that percentiles of any time can be told.

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_could_not_look")]

    operations = [
        migrations.AddField(
            model_name="checkhour",
            name="bins",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="checkhour",
            name="counts",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None),
        ),
    ]
