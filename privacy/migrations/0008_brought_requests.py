from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests of people that a file brought from elsewhere say so."""

    dependencies: ClassVar = [
        ("accounts", "0009_care"),
        ("privacy", "0007_brought"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="requesttask",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="requesttask",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="requesttask",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AddField(
            model_name="subjectrequest",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="subjectrequest",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="subjectrequest",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
    ]
