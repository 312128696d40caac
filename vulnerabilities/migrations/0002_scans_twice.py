from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vulnerabilities", "0001_scans"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="scan", name="scan_once"),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(fields=("tenant", "scope", "sha256", "ran_at", "evaluable"), name="scan_once"),
        ),
    ]
