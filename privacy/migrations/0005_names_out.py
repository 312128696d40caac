from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Since when no sentence of the product names somebody who was erased: of those erased before, a task takes them out."""

    dependencies: ClassVar = [("privacy", "0004_names_and_numbers")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="subjectrequest",
            name="names_out_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="named in no text any more since"),
        ),
    ]
