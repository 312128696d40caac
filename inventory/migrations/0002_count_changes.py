from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="count_changes",
            field=models.JSONField(blank=True, default=list, help_text="changes of the stated count after a comparison"),
        ),
    ]
