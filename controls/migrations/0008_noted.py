from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("controls", "0007_alert_found")]

    operations = [
        migrations.AlterField(
            model_name="controlevent",
            name="result",
            field=models.CharField(
                choices=[
                    ("success", "Success"),
                    ("failure", "Failure"),
                    ("denied", "Denied"),
                    ("partial", "Partial"),
                    ("approved", "Approved"),
                    ("self_approved", "Approved by its implementer"),
                    ("unapproved", "Without approver"),
                    ("critical", "Critical"),
                    ("high", "High"),
                    ("medium", "Medium"),
                    ("low", "Low"),
                    ("clean", "Without findings"),
                    ("findings", "With findings"),
                    ("verified", "Verified"),
                    ("unverified", "Not verified"),
                    ("met", "Target met"),
                    ("missed", "Target missed"),
                    ("noted", "Noted"),
                ],
                max_length=14,
            ),
        ),
    ]
