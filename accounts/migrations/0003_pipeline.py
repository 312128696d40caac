"""A role for pipelines, which only service accounts have."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="invitation",
            name="invitation_roles_known",
        ),
        migrations.RemoveConstraint(
            model_name="member",
            name="member_roles_known",
        ),
        migrations.AlterField(
            model_name="invitation",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
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
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="member",
            name="roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
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
                ),
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "roles__contained_by",
                        [
                            "administrator",
                            "compliance_manager",
                            "reviewer",
                            "approver",
                            "executive",
                            "auditor",
                            "viewer",
                            "employee",
                            "pipeline",
                        ],
                    ),
                    ("roles__len__gt", 0),
                ),
                name="invitation_roles_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "roles__contained_by",
                        [
                            "administrator",
                            "compliance_manager",
                            "reviewer",
                            "approver",
                            "executive",
                            "auditor",
                            "viewer",
                            "employee",
                            "pipeline",
                        ],
                    ),
                    ("roles__len__gt", 0),
                ),
                name="member_roles_known",
            ),
        ),
    ]
