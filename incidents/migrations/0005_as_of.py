"""Why a line was corrected; tasks and notices of a review as of its approval."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_oncall")]

    operations = [
        migrations.AddField(
            model_name="incidententry",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=1000, verbose_name="why it was corrected"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="incidentreview",
            name="standing",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
