import django.db.models.deletion
from django.db import migrations, models

import controls.models.period
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("controls", "0001_initial"),
        ("evidence", "0003_revisions_populations"),
        ("inventory", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("title", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("gap", "Gap analysis"),
                            ("test", "Failed test"),
                            ("missed", "Missed occurrence"),
                            ("review", "Access review"),
                            ("audit", "Audit"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                ("link", models.CharField(blank=True, max_length=300, verbose_name="where it was seen")),
                ("criterion", models.CharField(blank=True, max_length=6, validators=[controls.models.period.known_criterion])),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                    ),
                ),
                ("risk", models.TextField(blank=True)),
                ("remediation", models.TextField(blank=True, verbose_name="what has to be done")),
                ("evidence_required", models.TextField(blank=True)),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_remediation", "In remediation"),
                            ("ready_for_retest", "Ready for retest"),
                            ("closed", "Closed"),
                            ("accepted", "Accepted"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("remediated_at", models.DateTimeField(null=True)),
                ("done", models.TextField(blank=True, verbose_name="what was done")),
                ("retested_on", models.DateField(null=True)),
                ("retest_note", models.TextField(blank=True, verbose_name="what the retest found")),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_reason", models.TextField(blank=True)),
                ("accepted_until", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("times_reopened", models.PositiveSmallIntegerField(default=0)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "accepter_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="controls.control",
                    ),
                ),
                (
                    "occurrence",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="controls.occurrence",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="inventory.person",
                    ),
                ),
                (
                    "remediated_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "retested_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "retester_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
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
                (
                    "test",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="controls.controltest",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "status", "due_on"], name="finding_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="finding_reference_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "in_remediation", "ready_for_retest", "closed", "accepted"])),
                        name="finding_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["critical", "high", "medium", "low"])), name="finding_severity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("remediated_by__isnull", False),
                                ("retested_by__isnull", False),
                                ("retested_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="finding_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(
                                models.Q(("retested_by", models.F("remediated_by")), _negated=True),
                                models.Q(
                                    ("retester_person__isnull", True),
                                    ("owner__isnull", True),
                                    models.Q(("retester_person", models.F("owner")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="finding_retested_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            models.Q(
                                ("accepted_by__isnull", False),
                                ("accepted_until__isnull", False),
                                models.Q(("accepted_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="finding_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            ("accepter_person__isnull", True),
                            ("owner__isnull", True),
                            models.Q(("accepter_person", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="finding_accepted_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingEvidence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("linked", "Linked"), ("removed", "Removed")],
                        default="linked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("linked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="evidence.evidence"
                    ),
                ),
                (
                    "finding",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="controls.finding"
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
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
                "ordering": ["linked_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "linked")),
                        fields=("tenant", "finding", "evidence"),
                        name="finding_evidence_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["linked", "removed"])), name="finding_evidence_status"
                    ),
                ],
            },
        ),
        TenantTable("Finding"),
        TenantTable("FindingEvidence"),
        Stateful("Finding"),
        Stateful("FindingEvidence"),
    ]
