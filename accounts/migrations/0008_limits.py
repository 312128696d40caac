import django.contrib.postgres.fields
from django.db import migrations, models

AREAS = [
    "access",
    "changes",
    "incidents",
    "monitoring",
    "vulnerabilities",
    "processing",
    "controls",
    "evidence",
    "policies",
    "training",
    "vendors",
    "risks",
    "privacy",
    "reports",
    "packages",
    "trail",
    "members",
]
CHOICES = [
    ("access", "Access reviews, people and systems"),
    ("changes", "Changes and deployments"),
    ("incidents", "Incidents"),
    ("monitoring", "Monitoring and uptime"),
    ("vulnerabilities", "Vulnerabilities"),
    ("processing", "Processing"),
    ("controls", "Controls, tests and findings"),
    ("evidence", "Evidence, populations and samples"),
    ("policies", "Policies"),
    ("training", "Training"),
    ("vendors", "Vendors"),
    ("risks", "Risks"),
    ("privacy", "Privacy"),
    ("reports", "Reports"),
    ("packages", "Packages"),
    ("trail", "The audit trail"),
    ("members", "Members"),
]


def areas() -> django.contrib.postgres.fields.ArrayField:  # type: ignore[type-arg] # it takes none when it runs
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(choices=CHOICES, max_length=20), blank=True, default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_passkey"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.AddField(model_name="member", name="areas", field=areas()),
        migrations.AddField(model_name="member", name="audit_period_id", field=models.UUIDField(blank=True, null=True)),
        migrations.AddField(model_name="invitation", name="areas", field=areas()),
        migrations.AddField(model_name="invitation", name="audit_period_id", field=models.UUIDField(blank=True, null=True)),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(condition=models.Q(("areas__contained_by", AREAS)), name="member_areas_known"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("areas", []), ("audit_period_id", None)), ("roles", ["auditor"]), _connector="OR"),
                name="member_limits_are_auditors",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(condition=models.Q(("areas__contained_by", AREAS)), name="invitation_areas_known"),
        ),
    ]
