from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("controls", "0006_requests")]

    operations = [
        migrations.RemoveConstraint(model_name="alert", name="alert_looked_at"),
        migrations.RenameField(model_name="alert", old_name="note", new_name="found"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "open"),
                    models.Q(
                        ("looked_at__isnull", False),
                        ("looked_by__isnull", False),
                        models.Q(("found", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="alert_looked_at",
            ),
        ),
    ]
