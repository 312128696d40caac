import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import controls.models.control
import controls.models.period
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0003_revisions_populations"),
        ("inventory", "0001_initial"),
        ("tenancy", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditPeriod",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("type1", "Type I"), ("type2", "Type II")], default="type2", max_length=5, verbose_name="type"
                    ),
                ),
                ("starts_on", models.DateField(help_text="for Type I the as-of date", verbose_name="from")),
                ("ends_on", models.DateField(help_text="for Type I the same day", verbose_name="to")),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("security", "Security"),
                                ("availability", "Availability"),
                                ("confidentiality", "Confidentiality"),
                                ("processing_integrity", "Processing integrity"),
                                ("privacy", "Privacy"),
                            ],
                            max_length=24,
                        ),
                        default=controls.models.period.security_only,
                        size=None,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")], default="open", max_length=10, verbose_name="state"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "ordering": ["-ends_on", "name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="period_name_unique",
                        violation_error_message="There is a period of this name already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("status__in", ["open", "closed"])), name="period_status"),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="period_order",
                        violation_error_message="It ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "type1"), _negated=True), ("starts_on", models.F("ends_on")), _connector="OR"
                        ),
                        name="period_type1_is_a_day",
                        violation_error_message="A Type I report is as of one day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("categories__contains", ["security"])),
                        name="period_has_security",
                        violation_error_message="Security is always in scope.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Control",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(help_text="such as AC-001", max_length=20, verbose_name="control")),
                ("title", models.CharField(max_length=200)),
                ("objective", models.TextField(blank=True)),
                ("operation", models.TextField(blank=True, verbose_name="how it operates")),
                ("owner_role", models.CharField(blank=True, max_length=120)),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_yearly", "Half-yearly"),
                            ("yearly", "Yearly"),
                            ("per_event", "Per event"),
                            ("continuous", "Continuous"),
                        ],
                        max_length=12,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "population",
                    models.CharField(blank=True, help_text="what its events are, when it runs per event", max_length=40),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="days after the end of an interval that are still on time"
                    ),
                ),
                ("in_scope_since", models.DateField(verbose_name="in scope since")),
                ("retired_on", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In service"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("evidence_expected", models.TextField(blank=True)),
                ("test_procedure", models.TextField(blank=True, verbose_name="how it is tested")),
                ("instructions", models.TextField(blank=True, verbose_name="what to do when it is due")),
                (
                    "legs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("policy", "Documented policy"),
                                ("technical", "Technical implementation"),
                                ("operation", "Evidence of operation"),
                                ("monitoring", "Monitoring or alerting"),
                            ],
                            max_length=10,
                        ),
                        default=controls.models.control.all_legs,
                        help_text="what it needs to stand on",
                        size=None,
                    ),
                ),
                ("legs_reason", models.TextField(blank=True, verbose_name="why a leg is not needed")),
                (
                    "priority",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                        verbose_name="priority of a gap",
                    ),
                ),
                ("library_key", models.CharField(blank=True, help_text="starter control it was adopted from", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="controls",
                        to="inventory.person",
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
                "ordering": ["code"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "code"),
                        name="control_code_unique",
                        violation_error_message="There is a control with this code already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="control_status"),
                    models.CheckConstraint(
                        condition=models.Q(("status", "active"), ("retired_on__isnull", False), _connector="OR"),
                        name="control_retired_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cadence", "per_event"), _negated=True),
                            models.Q(("population", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="control_population",
                        violation_error_message="Say what its events are.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CadenceChange",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("from_date", models.DateField()),
                (
                    "cadence",
                    models.CharField(
                        choices=[
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_yearly", "Half-yearly"),
                            ("yearly", "Yearly"),
                            ("per_event", "Per event"),
                            ("continuous", "Continuous"),
                        ],
                        max_length=12,
                    ),
                ),
                ("population", models.CharField(blank=True, max_length=40)),
                ("grace_days", models.PositiveSmallIntegerField(default=0)),
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
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cadences", to="controls.control"
                    ),
                ),
            ],
            options={
                "ordering": ["from_date"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "control", "from_date"), name="cadence_change_unique")],
            },
        ),
        migrations.CreateModel(
            name="ControlCriterion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("criterion", models.CharField(max_length=6, validators=[controls.models.period.known_criterion])),
                ("note", models.TextField(blank=True, help_text="how the control answers it")),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="controls.control"
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
                "ordering": ["criterion"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "control", "criterion"), name="control_criterion_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlState",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("in_scope", models.BooleanField()),
                (
                    "design",
                    models.CharField(
                        choices=[
                            ("implemented", "Implemented"),
                            ("partial", "Partly in place"),
                            ("missing", "Missing"),
                            ("not_evaluable", "Could not be evaluated"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "operation",
                    models.CharField(
                        choices=[
                            ("no_deviations", "No deviations"),
                            ("deviations", "Deviations"),
                            ("not_tested", "Not tested"),
                            ("not_yet_due", "Not yet due"),
                            ("did_not_occur", "Did not occur"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("no_owner", "Nobody owns it"),
                                ("no_policy", "No policy documents it"),
                                ("no_technical", "Nothing shows how it is implemented"),
                                ("no_monitoring", "Nothing shows that it is monitored"),
                                ("no_evidence", "No evidence from the period"),
                                ("design_only", "Evidence of its design only"),
                                ("stale", "Its evidence is out of date"),
                                ("failed_test", "Its last test failed"),
                                ("partial_test", "Its last test passed in part"),
                                ("not_evaluated", "Its latest test could not be evaluated"),
                                ("file_damaged", "A file of its evidence is missing or altered"),
                                ("missed", "An occurrence was missed"),
                                ("late", "An occurrence was late"),
                                ("not_tested", "Not tested in the period"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("evidence_count", models.PositiveIntegerField(default=0)),
                ("expected", models.PositiveIntegerField(default=0, help_text="occurrences of the period that are over or due")),
                ("on_time", models.PositiveIntegerField(default=0)),
                ("last_tested_on", models.DateField(null=True)),
                ("next_due_on", models.DateField(null=True, verbose_name="next due")),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="states", to="controls.control"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="states", to="controls.auditperiod"
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
                "indexes": [models.Index(fields=["tenant", "period", "design"], name="control_state_design")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "period", "control"), name="control_state_unique")],
            },
        ),
        migrations.CreateModel(
            name="ControlSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="covers", to="controls.control"
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="controls", to="inventory.system"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "control", "system"), name="control_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="ControlTest",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("tested_on", models.DateField()),
                ("procedure", models.TextField()),
                ("population_note", models.TextField(blank=True, verbose_name="population and sample")),
                ("items_tested", models.PositiveIntegerField(blank=True, null=True)),
                ("exceptions_found", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "result",
                    models.CharField(
                        choices=[("pass", "Pass"), ("partial", "Partial"), ("fail", "Fail"), ("not_evaluable", "Not evaluable")],
                        max_length=14,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                ("next_due_on", models.DateField(blank=True, null=True, verbose_name="next test due")),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "Current"), ("superseded", "Superseded")],
                        default="current",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="controls.control"
                    ),
                ),
                (
                    "owner_person",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        help_text="who owned the control at that time",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "population",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="evidence.population",
                    ),
                ),
                (
                    "sample",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="evidence.sample",
                    ),
                ),
                (
                    "superseded_by",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="controls.controltest",
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
                    "tester",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "tester_person",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-tested_on", "-recorded_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "control", "-tested_on"], name="control_test_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["current", "superseded"])), name="control_test_status"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tester_person__isnull", True),
                            ("owner_person__isnull", True),
                            models.Q(("tester_person", models.F("owner_person")), _negated=True),
                            _connector="OR",
                        ),
                        name="control_test_independent",
                    ),
                    models.CheckConstraint(condition=models.Q(("procedure", ""), _negated=True), name="control_test_procedure"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlTestEvidence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="evidence.evidence"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="controls.controltest"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "test", "evidence"), name="control_test_evidence_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionExclusion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("criterion", models.CharField(max_length=6, validators=[controls.models.period.known_criterion])),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exclusions", to="controls.auditperiod"
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
                "ordering": ["criterion"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "period", "criterion"), name="criterion_exclusion_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="criterion_exclusion_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("firm", models.CharField(max_length=200)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("fee", models.CharField(blank=True, help_text="amount and currency, as agreed", max_length=60)),
                ("engaged_on", models.DateField(blank=True, null=True)),
                ("fieldwork_from", models.DateField(blank=True, null=True)),
                ("fieldwork_to", models.DateField(blank=True, null=True)),
                ("report_issued_on", models.DateField(blank=True, null=True)),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No report yet"),
                            ("unqualified", "Unqualified"),
                            ("qualified", "Qualified"),
                            ("adverse", "Adverse"),
                            ("disclaimer", "Disclaimer"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                (
                    "period",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="engagements", to="controls.auditperiod"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "period"), name="engagement_unique")],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interval", "Interval"),
                            ("event", "Event"),
                            ("statement", "Statement that nothing occurred"),
                            ("configuration", "Test of the configuration"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "key",
                    models.CharField(help_text="such as 2026-Q3, or the event's kind and id: one row for each", max_length=80),
                ),
                ("label", models.CharField(help_text="such as Q3 2026, or the event's name", max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("opens_on", models.DateField()),
                ("due_on", models.DateField(verbose_name="due")),
                ("missed_after", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("performed", "Performed"),
                            ("did_not_occur", "Did not occur"),
                            ("not_applicable", "Not applicable"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("performed_on", models.DateField(blank=True, null=True)),
                ("statement", models.TextField(blank=True, verbose_name="what was done, or why not")),
                ("stated_at", models.DateTimeField(blank=True, null=True)),
                ("subject_kind", models.CharField(blank=True, max_length=60)),
                ("subject_id", models.UUIDField(blank=True, null=True)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="controls.control",
                    ),
                ),
                (
                    "performed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "stated_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
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
                "ordering": ["due_on", "control__code"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "status", "due_on"], name="occurrence_due"),
                    models.Index(fields=["tenant", "control", "ends_on"], name="occurrence_control"),
                    models.Index(fields=["tenant", "ends_on", "id"], name="occurrence_end"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "control", "key"), name="occurrence_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "performed", "did_not_occur", "not_applicable", "withdrawn"])),
                        name="occurrence_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "performed"), _negated=True), ("performed_on__isnull", False), _connector="OR"
                        ),
                        name="occurrence_performed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["did_not_occur", "not_applicable"]), _negated=True),
                            models.Q(("statement", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="occurrence_statement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__lte", models.F("missed_after")),
                            ("opens_on__lte", models.F("due_on")),
                            ("starts_on__lte", models.F("ends_on")),
                        ),
                        name="occurrence_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlEvidence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "leg",
                    models.CharField(
                        choices=[
                            ("policy", "Documented policy"),
                            ("technical", "Technical implementation"),
                            ("operation", "Evidence of operation"),
                            ("monitoring", "Monitoring or alerting"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("linked", "Linked"), ("removed", "Removed")],
                        default="linked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("linked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="controls.control"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="controls", to="evidence.evidence"
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
                (
                    "occurrence",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="controls.occurrence",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "control", "leg"], name="control_evidence_leg")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "linked")),
                        fields=("tenant", "control", "evidence", "leg", "occurrence"),
                        name="control_evidence_unique",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["linked", "removed"])), name="control_evidence_status"
                    ),
                ],
            },
        ),
        TenantTable("AuditPeriod"),
        TenantTable("CriterionExclusion"),
        TenantTable("Engagement"),
        TenantTable("Control"),
        TenantTable("CadenceChange"),
        TenantTable("ControlCriterion"),
        TenantTable("ControlSystem"),
        TenantTable("Occurrence"),
        TenantTable("ControlEvidence"),
        TenantTable("ControlTest"),
        TenantTable("ControlTestEvidence"),
        TenantTable("ControlState"),
        Stateful("AuditPeriod"),
        Stateful("Engagement"),
        Stateful("Control"),
        Stateful("Occurrence", insert_parent="control"),
        Stateful("ControlEvidence"),
        Stateful("ControlTest"),
    ]
