# A look that could not be made is a result, too: it is neither up nor down.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="checkresult", name="check_result_outcome"),
        migrations.AlterField(
            model_name="checkresult",
            name="outcome",
            field=models.CharField(
                choices=[("healthy", "Healthy"), ("degraded", "Degraded"), ("down", "Down"), ("unknown", "Unknown")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="checkresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["healthy", "degraded", "down", "unknown"])), name="check_result_outcome"
            ),
        ),
    ]
