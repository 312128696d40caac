import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import controls.models.period
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_tokens"),
        ("controls", "0005_binder"),
        ("evidence", "0005_imports"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRequest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=40, verbose_name="number")),
                ("place", models.CharField(editable=False, help_text="orders the numbers", max_length=120)),
                ("title", models.CharField(max_length=200, verbose_name="what is asked for")),
                ("description", models.TextField(blank=True)),
                ("category", models.CharField(blank=True, max_length=80)),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6, validators=[controls.models.period.known_criterion]),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "also",
                    models.TextField(
                        blank=True, help_text="what the auditor's list says beside", verbose_name="also in the list"
                    ),
                ),
                ("requested_by", models.CharField(blank=True, max_length=120)),
                ("requested_on", models.DateField()),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("in_progress", "In progress"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="requested",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("statement", models.TextField(blank=True, verbose_name="what is said of it")),
                ("submitted_at", models.DateTimeField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("judgement", models.TextField(blank=True, verbose_name="what the auditor says")),
                ("times_returned", models.PositiveSmallIntegerField(default=0)),
                ("raised_at", models.DateTimeField()),
                (
                    "assignee",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="inventory.person",
                        verbose_name="with",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="controls.auditperiod",
                        verbose_name="audit period",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "submitted_by",
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
                "ordering": ["place"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "status", "due_on"], name="request_due"),
                    models.Index(fields=["tenant", "period", "status"], name="request_period"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "period", "reference"),
                        name="request_reference_unique",
                        nulls_distinct=False,
                        violation_error_message="There is a request of this number in the audit period already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["requested", "in_progress", "submitted", "accepted", "returned", "withdrawn"])
                        ),
                        name="request_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["submitted", "accepted"]), _negated=True),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="request_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            models.Q(("judged_at__isnull", False), ("judged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_accepted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            ("submitted_by__isnull", True),
                            models.Q(("judged_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="request_accepted_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "returned"), _negated=True),
                            models.Q(("judgement", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="request_returned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestComment",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("said_at", models.DateTimeField()),
                (
                    "request",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="controls.auditrequest"
                    ),
                ),
                (
                    "said_by",
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
                "ordering": ["said_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RequestControl",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="controls.control"
                    ),
                ),
                (
                    "request",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="controls", to="controls.auditrequest"
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "request", "control"), name="request_control_unique")],
            },
        ),
        migrations.CreateModel(
            name="RequestProof",
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="evidence.evidence"
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "population",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="evidence.population"
                    ),
                ),
                (
                    "request",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="controls.auditrequest"
                    ),
                ),
                (
                    "sample",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="evidence.sample"
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
                "ordering": ["linked_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence__isnull", False), ("population__isnull", True), ("sample__isnull", True)),
                            models.Q(("evidence__isnull", True), ("population__isnull", False), ("sample__isnull", True)),
                            models.Q(("evidence__isnull", True), ("population__isnull", True), ("sample__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_proof_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "linked")),
                        fields=("tenant", "request", "evidence", "population", "sample"),
                        name="request_proof_unique",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["linked", "removed"])), name="request_proof_status"
                    ),
                ],
            },
        ),
        TenantTable("AuditRequest"),
        TenantTable("RequestControl"),
        TenantTable("RequestProof"),
        TenantTable("RequestComment"),
        Stateful("AuditRequest"),
        Stateful("RequestProof"),
        Immutable("RequestComment"),
    ]
