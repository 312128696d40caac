"""A scan says whether it is of something else than its scope, and which analyses of SARIF it holds: never changed, as the rest."""

import django.contrib.postgres.fields
from django.db import migrations, models

FREEZE = """
CREATE TRIGGER immutable_place BEFORE UPDATE OF analyses, elsewhere ON vulnerabilities_scan
  FOR EACH STATEMENT EXECUTE FUNCTION tenancy_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("vulnerabilities", "0004_withdrawing")]

    operations = [
        migrations.AddField(
            model_name="scan",
            name="analyses",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=500), default=list, size=None),
        ),
        migrations.AddField(
            model_name="scan",
            name="elsewhere",
            field=models.BooleanField(default=False, verbose_name="of something else"),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("elsewhere", False), models.Q(("evaluable", False), ("new", 0), ("reopened", 0)), _connector="OR"
                ),
                name="scan_elsewhere_opens_nothing",
            ),
        ),
        migrations.RunSQL(FREEZE, "DROP TRIGGER immutable_place ON vulnerabilities_scan"),
    ]
