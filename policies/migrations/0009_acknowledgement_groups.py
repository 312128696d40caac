from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models

GROUPS = [("employees", "Employees"), ("contractors", "Contractors"), ("managers", "Managers")]
AUDIENCES = [("everyone", "Everyone"), ("departments", "Departments"), ("groups", "Groups"), ("people", "People chosen")]


def groups() -> "models.Field[list[str], list[str]]":
    """The groups, where it is for some."""
    one = models.CharField(choices=GROUPS, max_length=11)
    return django.contrib.postgres.fields.ArrayField(base_field=one, blank=True, default=list, size=None)


class Migration(migrations.Migration):
    """People are also asked to confirm a policy by group."""

    dependencies: ClassVar = [("policies", "0008_brought")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="acknowledgementrule", name="acknowledgement_rule_audience"),
        migrations.AddField(model_name="acknowledgementcampaign", name="groups", field=groups()),
        migrations.AddField(model_name="acknowledgementrule", name="groups", field=groups()),
        migrations.AlterField(
            model_name="acknowledgementcampaign",
            name="audience",
            field=models.CharField(choices=AUDIENCES, default="everyone", max_length=11, verbose_name="whom"),
        ),
        migrations.AlterField(
            model_name="acknowledgementrule",
            name="audience",
            field=models.CharField(choices=AUDIENCES, default="everyone", max_length=11, verbose_name="whom"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["everyone", "departments", "groups"])), name="acknowledgement_rule_audience"
            ),
        ),
    ]
