from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Records that a file brought from elsewhere say so."""

    dependencies: ClassVar = [
        ("accounts", "0008_limits"),
        ("privacy", "0006_sealed"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="customerstep",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="customerstep",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="customerstep",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AddField(
            model_name="endedcustomer",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="endedcustomer",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="endedcustomer",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AddField(
            model_name="noticeversion",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="noticeversion",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="noticeversion",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
    ]
