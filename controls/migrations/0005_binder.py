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
        ("controls", "0004_events"),
        ("evidence", "0005_imports"),
        ("inventory", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChecklistWaiver",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("item", models.CharField(help_text="key of the checklist's item", max_length=40)),
                ("reason", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[("in_force", "Not applicable"), ("withdrawn", "Taken back")],
                        default="in_force",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="controls.auditperiod"
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
                "ordering": ["-made_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "in_force")),
                        fields=("tenant", "period", "item"),
                        name="checklist_waiver_unique",
                        violation_error_message="It is set as not applicable already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["in_force", "withdrawn"])), name="checklist_waiver_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="checklist_waiver_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DescriptionText",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("section", models.CharField(help_text="key of the section", max_length=20)),
                ("number", models.PositiveIntegerField(verbose_name="revision")),
                ("text", models.TextField(help_text="Markdown")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what is different")),
                ("written_at", models.DateTimeField()),
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
                    "written_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
            ],
            options={
                "ordering": ["section", "-number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "section", "number"), name="description_text_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="description_text_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DescriptionApproval",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("approved_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "approved_by",
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
                (
                    "text",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="controls.descriptiontext",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "text"),
                        name="description_approval_unique",
                        violation_error_message="It is approved already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagram",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("architecture", "Architecture"), ("data_flow", "Data flow"), ("integration", "Integration")],
                        max_length=12,
                    ),
                ),
                (
                    "alternative",
                    models.TextField(help_text="what it shows, for those who cannot see it", verbose_name="in words"),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diagrams", to="evidence.evidence"
                    ),
                ),
                (
                    "made_by",
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
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["architecture", "data_flow", "integration"])), name="diagram_kind"
                    ),
                    models.CheckConstraint(condition=models.Q(("alternative", ""), _negated=True), name="diagram_in_words"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubserviceOrganization",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("service", models.CharField(max_length=300, verbose_name="what it does for us")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("carve_out", "Carve-out: its controls are not in this description"),
                            ("inclusive", "Inclusive: its controls are part of this description"),
                        ],
                        default="carve_out",
                        max_length=10,
                    ),
                ),
                ("expected", models.TextField(verbose_name="controls expected of it")),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6, validators=[controls.models.period.known_criterion]),
                        default=list,
                        blank=True,
                        size=None,
                    ),
                ),
                (
                    "report",
                    models.CharField(
                        blank=True, help_text="such as SOC 2 Type II", max_length=200, verbose_name="report it gave us"
                    ),
                ),
                ("report_until", models.DateField(blank=True, null=True, verbose_name="the report reaches to")),
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="subservice_organization_status"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "active")),
                        fields=("tenant", "name"),
                        name="subservice_organization_unique",
                        violation_error_message="It is in the table already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemDescription",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("open_points", models.PositiveIntegerField(default=0, verbose_name="points left open")),
                ("made_at", models.DateTimeField()),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.evidence"
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="descriptions", to="controls.auditperiod"
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
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="system_description_reference_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Assertion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of what was asserted")),
                ("name", models.CharField(max_length=200)),
                ("position", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
                (
                    "signed_by",
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
                (
                    "description",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assertions",
                        to="controls.systemdescription",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "description"), name="assertion_unique", violation_error_message="It is signed already."
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemFlow",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "outside",
                    models.CharField(
                        blank=True, help_text="such as Customers, at the open end", max_length=60, verbose_name="somebody outside"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("data", "Data of customers"),
                            ("access", "Sign-in and access"),
                            ("integration", "Integration: messages, events, calls"),
                        ],
                        default="data",
                        max_length=12,
                    ),
                ),
                ("carries", models.CharField(max_length=80, verbose_name="what goes there")),
                (
                    "protection",
                    models.CharField(blank=True, help_text="such as TLS 1.3", max_length=80, verbose_name="how it is protected"),
                ),
                (
                    "source",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flows_out",
                        to="inventory.system",
                    ),
                ),
                (
                    "target",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flows_in",
                        to="inventory.system",
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
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="system_flow_status"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outside", ""), ("source__isnull", False), ("target__isnull", False)),
                            models.Q(
                                models.Q(("outside", ""), _negated=True),
                                models.Q(
                                    models.Q(("source__isnull", True), ("target__isnull", False)),
                                    models.Q(("source__isnull", False), ("target__isnull", True)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="system_flow_ends",
                        violation_error_message="Choose two systems, or one system and name somebody outside.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__isnull", True),
                            ("target__isnull", True),
                            models.Q(("source", models.F("target")), _negated=True),
                            _connector="OR",
                        ),
                        name="system_flow_goes_somewhere",
                        violation_error_message="It leads back to where it comes from.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UserEntityControl",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="what customers have to do")),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6, validators=[controls.models.period.known_criterion]),
                        default=list,
                        blank=True,
                        size=None,
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
                "ordering": ["title"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="user_entity_control_status"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "active")),
                        fields=("tenant", "title"),
                        name="user_entity_control_unique",
                        violation_error_message="It is in the table already.",
                    ),
                ],
            },
        ),
        TenantTable("ChecklistWaiver"),
        TenantTable("UserEntityControl"),
        TenantTable("SubserviceOrganization"),
        TenantTable("SystemFlow"),
        TenantTable("DescriptionText"),
        TenantTable("DescriptionApproval"),
        TenantTable("Diagram"),
        TenantTable("SystemDescription"),
        TenantTable("Assertion"),
        Immutable("DescriptionText"),
        Immutable("DescriptionApproval"),
        Immutable("Diagram"),
        Immutable("SystemDescription"),
        Immutable("Assertion"),
        Stateful("ChecklistWaiver"),
        Stateful("UserEntityControl"),
        Stateful("SubserviceOrganization"),
        Stateful("SystemFlow"),
        Stateful("DescriptionText"),
        Stateful("DescriptionApproval"),
        Stateful("Diagram"),
        Stateful("SystemDescription"),
        Stateful("Assertion"),
    ]
