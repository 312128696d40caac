from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="care",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
