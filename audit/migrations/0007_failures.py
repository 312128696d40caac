"""What failed is rare, and is asked for by itself."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One index, of failures only."""

    dependencies: ClassVar = [("audit", "0006_order_of_locks"), ("tenancy", "0002_measure")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(condition=models.Q(("result", "failure")), fields=["tenant", "-at"], name="audit_event_failure"),
        ),
    ]
