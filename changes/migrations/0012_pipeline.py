"""Approval rules know the role of pipelines, which approves nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0011_carried"),
    ]

    operations = [
        migrations.AlterField(
            model_name="approvalrule",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("administrator", "Administrator"),
                    ("compliance_manager", "Compliance manager"),
                    ("reviewer", "Reviewer"),
                    ("approver", "Approver"),
                    ("executive", "Executive"),
                    ("auditor", "Auditor"),
                    ("viewer", "Viewer"),
                    ("employee", "Employee"),
                    ("pipeline", "Pipeline"),
                ],
                max_length=30,
                verbose_name="by somebody with the role",
            ),
        ),
    ]
