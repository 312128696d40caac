import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.scope
import workflow.models
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_idle_limit"),
        ("tenancy", "0002_measure"),
        ("workflow", "0005_saved_view"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=500)),
                ("identity", models.CharField(max_length=500, verbose_name="how they made sure who asks")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(default=workflow.models.a_day_from_now, verbose_name="to be decided until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a second administrator"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Refused"),
                            ("stopped", "Stopped"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="asked",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "asked")),
                        fields=("tenant", "member"),
                        name="factor_reset_once",
                        violation_error_message="A reset of this person's second factor waits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["asked", "confirmed", "refused", "stopped", "lapsed"])),
                        name="factor_reset_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("asked_by")), _negated=True), name="factor_reset_of_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "confirmed"), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(("decided_by", models.F("member")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="factor_reset_by_two",
                    ),
                ],
            },
        ),
        TenantTable("FactorReset"),
        Stateful("FactorReset"),
    ]
