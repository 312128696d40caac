from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The list of acknowledgements by the time of confirmation reads an index."""

    dependencies: ClassVar = [("policies", "0002_acknowledgements")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["tenant", "confirmed_at", "id"], name="acknowledgement_confirmed"),
        ),
    ]
