import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# Whom a row is about stays; a check that was withdrawn is not written on any more, nor is such a training.
FROZEN = """
CREATE TRIGGER whose BEFORE UPDATE ON policies_trainingrecord FOR EACH ROW
WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id) EXECUTE FUNCTION tenancy_refuse_change();
CREATE TRIGGER whose BEFORE UPDATE ON policies_backgroundcheck FOR EACH ROW
WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id) EXECUTE FUNCTION tenancy_refuse_change();
"""
THAWED = "DROP TRIGGER whose ON policies_trainingrecord; DROP TRIGGER whose ON policies_backgroundcheck"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_company"),
        ("controls", "0008_noted"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("policies", "0003_confirmed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("about", models.TextField(blank=True, max_length=4000, verbose_name="what it teaches, and where to take it")),
                ("required", models.BooleanField(default=True, verbose_name="people have to take it")),
                (
                    "departments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                ("required_from", models.DateField(verbose_name="required from")),
                (
                    "join_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                        verbose_name="days from joining",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)],
                        verbose_name="again every so many months",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=7,
                        verbose_name="state",
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
            options={"ordering": ["name", "id"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="TrainingRecord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("completed_on", models.DateField(verbose_name="completed")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="expires")),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "Recorded"), ("withdrawn", "Withdrawn")],
                        default="current",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("withdrawn_reason", models.TextField(blank=True, max_length=2000, verbose_name="why it was withdrawn")),
                (
                    "certificate",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="training_records",
                        to="evidence.evidence",
                    ),
                ),
                (
                    "course",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="policies.course"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="training_records", to="inventory.person"
                    ),
                ),
                (
                    "recorded_by",
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
            options={"ordering": ["-completed_on", "-id"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="BackgroundRule",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("since", models.DateField(verbose_name="who gets access from this day on")),
                ("contractors", models.BooleanField(default=True, verbose_name="contractors too")),
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
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="BackgroundCheck",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("checked_on", models.DateField(verbose_name="checked")),
                ("provider", models.CharField(max_length=200, verbose_name="who checked")),
                ("sealed", models.TextField(editable=False)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "status",
                    models.CharField(
                        choices=[("current", "Recorded"), ("withdrawn", "Withdrawn")],
                        default="current",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("withdrawn_reason", models.TextField(blank=True, max_length=2000, verbose_name="why it was withdrawn")),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="background_checks", to="inventory.person"
                    ),
                ),
                (
                    "recorded_by",
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
            options={"ordering": ["-checked_on", "-id"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="BackgroundGap",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("access_on", models.DateField(verbose_name="had access from")),
                ("found_on", models.DateField(verbose_name="found")),
                (
                    "finding",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="controls.finding"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="background_gaps", to="inventory.person"
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
            options={"ordering": ["-found_on", "-id"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddIndex(
            model_name="trainingrecord", index=models.Index(fields=["tenant", "-completed_on", "-id"], name="training_record_day")
        ),
        migrations.AddIndex(
            model_name="trainingrecord", index=models.Index(fields=["tenant", "person", "course"], name="training_record_person")
        ),
        migrations.AddIndex(
            model_name="backgroundcheck", index=models.Index(fields=["tenant", "-checked_on", "-id"], name="background_check_day")
        ),
        migrations.AddIndex(
            model_name="backgroundcheck",
            index=models.Index(fields=["tenant", "person", "checked_on"], name="background_check_person"),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.UniqueConstraint(
                fields=("tenant", "name"),
                name="course_name_unique",
                violation_error_message="There is a course of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="course_status"),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("join_days__gte", 1), ("join_days__lte", 365)), name="course_join_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__isnull", True), models.Q(("months__gte", 1), ("months__lte", 120)), _connector="OR"),
                name="course_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "current")),
                fields=("tenant", "course", "person", "completed_on"),
                name="training_record_unique",
                violation_error_message="This is recorded already: the same course on the same day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["current", "withdrawn"])), name="training_record_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__isnull", True), ("expires_on__gte", models.F("completed_on")), _connector="OR"),
                name="training_record_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "current"), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"),
                name="training_record_withdrawn_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="backgroundrule", constraint=models.UniqueConstraint(fields=("tenant",), name="background_rule_unique")
        ),
        migrations.AddConstraint(
            model_name="backgroundcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "current")),
                fields=("tenant", "person", "provider", "checked_on"),
                name="background_check_unique",
                violation_error_message="This is recorded already: the same provider on the same day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="backgroundcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["current", "withdrawn"])), name="background_check_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="backgroundcheck",
            constraint=models.CheckConstraint(condition=models.Q(("sealed__startswith", "v1|")), name="background_check_sealed"),
        ),
        migrations.AddConstraint(
            model_name="backgroundcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "current"), models.Q(("withdrawn_reason", ""), _negated=True), _connector="OR"),
                name="background_check_withdrawn_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="backgroundgap",
            constraint=models.UniqueConstraint(fields=("tenant", "person", "finding"), name="background_gap_unique"),
        ),
        TenantTable("Course"),
        TenantTable("TrainingRecord"),
        TenantTable("BackgroundRule"),
        TenantTable("BackgroundCheck"),
        TenantTable("BackgroundGap"),
        Stateful("Course"),
        Stateful("TrainingRecord"),
        Stateful("BackgroundRule"),
        Stateful("BackgroundCheck"),
        Stateful("BackgroundGap"),
        Immutable("TrainingRecord", status="withdrawn"),
        Immutable("BackgroundCheck", status="withdrawn"),
        migrations.RunSQL(FROZEN, THAWED),
    ]
