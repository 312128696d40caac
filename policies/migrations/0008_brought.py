from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import tenancy.models


class Migration(migrations.Migration):
    """Records that a file brought from elsewhere say so."""

    dependencies: ClassVar = [
        ("accounts", "0008_limits"),
        ("controls", "0010_counted_day"),
        ("inventory", "0002_count_changes"),
        ("policies", "0007_acknowledgement_papers"),
        ("tenancy", "0002_measure"),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name="policyexception",
            name="policy_exception_decided",
        ),
        migrations.RemoveConstraint(
            model_name="policyexception",
            name="policy_exception_expired_with_finding",
        ),
        migrations.AddField(
            model_name="policyexception",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="policyexception",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="policyexception",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AddField(
            model_name="violation",
            name="brought_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="recorded from elsewhere"),
        ),
        migrations.AddField(
            model_name="violation",
            name="brought_by",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
            ),
        ),
        migrations.AddField(
            model_name="violation",
            name="told",
            field=models.TextField(blank=True, default="", editable=False, verbose_name="who did what elsewhere"),
        ),
        migrations.AlterField(
            model_name="policyexception",
            name="version",
            field=tenancy.models.TenantForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="exceptions", to="policies.policyversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("approved", "refused", "ended", "expired")), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False),
                        models.Q(("decided_by__isnull", False), ("brought_at__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="policy_exception_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__isnull", False), ("brought_at__isnull", False), _connector="OR"),
                name="policy_exception_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "expired"), _negated=True),
                    ("finding__isnull", False),
                    ("brought_at__isnull", False),
                    _connector="OR",
                ),
                name="policy_exception_expired_with_finding",
            ),
        ),
    ]
