"""The list of incidents by title is read along an index."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index."""

    dependencies: ClassVar = [("incidents", "0007_severity_stated")]
    operations: ClassVar = [
        migrations.AddIndex(model_name="incident", index=models.Index(fields=["tenant", "title", "id"], name="incident_title"))
    ]
