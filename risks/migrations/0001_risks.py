import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0004_company"),
        ("controls", "0008_noted"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("statement", models.CharField(max_length=300, verbose_name="what could happen")),
                ("cause", models.TextField(blank=True, max_length=5000, verbose_name="why it could happen")),
                ("consequence", models.TextField(blank=True, max_length=5000, verbose_name="what it would mean")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("security", "Security"),
                            ("availability", "Availability"),
                            ("operational", "Operational"),
                            ("fraud", "Fraud"),
                            ("vendor", "Vendor"),
                            ("privacy", "Privacy"),
                            ("compliance", "Compliance and legal"),
                            ("technology", "Technology"),
                            ("people", "People"),
                            ("financial", "Financial"),
                            ("strategic", "Strategic"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("inherent_likelihood", models.PositiveSmallIntegerField(default=0, verbose_name="inherent likelihood")),
                ("inherent_impact", models.PositiveSmallIntegerField(default=0, verbose_name="inherent impact")),
                ("residual_likelihood", models.PositiveSmallIntegerField(default=0, verbose_name="residual likelihood")),
                ("residual_impact", models.PositiveSmallIntegerField(default=0, verbose_name="residual impact")),
                ("target_likelihood", models.PositiveSmallIntegerField(default=0, verbose_name="target likelihood")),
                ("target_impact", models.PositiveSmallIntegerField(default=0, verbose_name="target impact")),
                ("inherent_score", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("residual_score", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("residual_level", models.CharField(blank=True, editable=False, max_length=8)),
                ("reasoning", models.TextField(blank=True, max_length=5000, verbose_name="why it is rated so")),
                ("rated_on", models.DateField(null=True, verbose_name="rated")),
                (
                    "treatment",
                    models.CharField(
                        blank=True,
                        choices=[("mitigate", "Mitigate"), ("accept", "Accept"), ("transfer", "Transfer"), ("avoid", "Avoid")],
                        max_length=8,
                    ),
                ),
                ("plan", models.TextField(blank=True, max_length=5000, verbose_name="what is done about it")),
                ("review_days", models.PositiveSmallIntegerField(default=365, verbose_name="days between reviews")),
                ("next_review_on", models.DateField(verbose_name="next review")),
                ("accepted_at", models.DateTimeField(null=True)),
                ("accepted_reason", models.TextField(blank=True, max_length=5000)),
                ("accepted_until", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.TextField(blank=True, max_length=5000)),
                ("raised_at", models.DateTimeField()),
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
                    "owner",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="inventory.person"
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "rated_by",
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
                "ordering": ["-residual_score", "reference"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("year", models.PositiveSmallIntegerField()),
                ("as_of", models.DateField(null=True, verbose_name="as of")),
                ("objectives", models.TextField(max_length=10000, verbose_name="objectives that the risks are measured against")),
                ("method", models.TextField(max_length=10000, verbose_name="how the risks were found and rated")),
                ("participants", models.TextField(max_length=5000, verbose_name="who took part")),
                ("conclusion", models.TextField(blank=True, max_length=10000, verbose_name="what it comes to")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waits for approval"),
                            ("approved", "Approved"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "content_hash",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256 of what was submitted"),
                ),
                ("prepared_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_hash",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256 of what was approved"),
                ),
                (
                    "remark",
                    models.TextField(
                        blank=True, max_length=5000, verbose_name="what was said at its approval, or why it went back"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_assessments",
                        to="evidence.evidence",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "previous",
                    tenancy.models.TenantForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="risks.riskassessment",
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
                "ordering": ["-year", "-prepared_at"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskAssessmentVersion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "assessment",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="risks.riskassessment"
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
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskControl",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="controls.control"
                    ),
                ),
                (
                    "risk",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="controls", to="risks.risk"
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
                "ordering": ["control__code"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskScale",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("generation", models.PositiveSmallIntegerField()),
                ("likelihood", models.JSONField()),
                ("impact", models.JSONField()),
                ("levels", models.JSONField()),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="why it was changed")),
                ("made_at", models.DateTimeField()),
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
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskRating",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("inherent_likelihood", models.PositiveSmallIntegerField()),
                ("inherent_impact", models.PositiveSmallIntegerField()),
                ("residual_likelihood", models.PositiveSmallIntegerField()),
                ("residual_impact", models.PositiveSmallIntegerField()),
                ("target_likelihood", models.PositiveSmallIntegerField(default=0)),
                ("target_impact", models.PositiveSmallIntegerField(default=0)),
                ("reasoning", models.TextField(max_length=5000)),
                ("controls", models.JSONField(default=list)),
                ("rated_on", models.DateField()),
                ("rated_at", models.DateTimeField()),
                (
                    "rated_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "risk",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="risks.risk"
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
                    "scale",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="risks.riskscale"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="risk",
            name="scale",
            field=tenancy.models.TenantForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="risks.riskscale"
            ),
        ),
        migrations.CreateModel(
            name="RiskTask",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.TextField(blank=True, max_length=5000, verbose_name="what was done, or why not")),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risk_tasks", to="inventory.person"
                    ),
                ),
                (
                    "risk",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="risks.risk"
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
                "ordering": ["due_on", "added_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="RiskWord",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("word", models.CharField(db_collation="C", max_length=64)),
                (
                    "risk",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="words", to="risks.risk"
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
            },
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="risk_assessment_reference"),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "withdrawn"), _negated=True),
                fields=("tenant", "year"),
                name="risk_assessment_year",
                violation_error_message="There is an assessment of this year already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "submitted", "approved", "withdrawn"])), name="risk_assessment_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["submitted", "approved"]), _negated=True),
                    models.Q(("submitted_at__isnull", False), models.Q(("content_hash", ""), _negated=True)),
                    _connector="OR",
                ),
                name="risk_assessment_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "approved"), _negated=True),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("approved_hash", models.F("content_hash")),
                    ),
                    _connector="OR",
                ),
                name="risk_assessment_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("prepared_by", None),
                    models.Q(("approved_by", models.F("prepared_by")), _negated=True),
                    _connector="OR",
                ),
                name="risk_assessment_not_by_preparer",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("submitted_by", None),
                    models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="risk_assessment_not_by_submitter",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskassessmentversion",
            constraint=models.UniqueConstraint(fields=("tenant", "assessment", "number"), name="risk_assessment_version"),
        ),
        migrations.AddConstraint(
            model_name="riskcontrol",
            constraint=models.UniqueConstraint(fields=("tenant", "risk", "control"), name="risk_control_unique"),
        ),
        migrations.AddConstraint(
            model_name="riskscale",
            constraint=models.UniqueConstraint(
                fields=("tenant", "number"),
                name="risk_scale_number",
                violation_error_message="Somebody else changed the scale just now. Look at it again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskscale",
            constraint=models.CheckConstraint(
                condition=models.Q(("generation__gte", 1), ("number__gte", 1)), name="risk_scale_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskrating",
            constraint=models.UniqueConstraint(fields=("tenant", "risk", "number"), name="risk_rating_number"),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(fields=["tenant", "-residual_score", "reference"], name="risk_score"),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(fields=["tenant", "status", "next_review_on"], name="risk_review"),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(fields=["tenant", "owner", "status"], name="risk_owner"),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(fields=["tenant", "category", "status"], name="risk_category"),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="risk_reference"),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "accepted", "closed"])), name="risk_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "security",
                            "availability",
                            "operational",
                            "fraud",
                            "vendor",
                            "privacy",
                            "compliance",
                            "technology",
                            "people",
                            "financial",
                            "strategic",
                        ],
                    )
                ),
                name="risk_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(("treatment__in", ["", "mitigate", "accept", "transfer", "avoid"])), name="risk_treatment"
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inherent_impact__lte", 7),
                    ("inherent_likelihood__lte", 7),
                    ("residual_impact__lte", 7),
                    ("residual_likelihood__lte", 7),
                    ("target_impact__lte", 7),
                    ("target_likelihood__lte", 7),
                ),
                name="risk_steps",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "inherent_score",
                        django.db.models.expressions.CombinedExpression(
                            models.F("inherent_likelihood"), "*", models.F("inherent_impact")
                        ),
                    ),
                    (
                        "residual_score",
                        django.db.models.expressions.CombinedExpression(
                            models.F("residual_likelihood"), "*", models.F("residual_impact")
                        ),
                    ),
                ),
                name="risk_scores",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("inherent_score", 0), ("rated_on", None), ("residual_score", 0), ("scale", None)),
                    models.Q(
                        ("inherent_score__gte", 1),
                        ("rated_on__isnull", False),
                        ("residual_score__gte", 1),
                        ("scale__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="risk_rated_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(("residual_score__lte", models.F("inherent_score"))), name="risk_residual_not_above"
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_days__gte", 7), ("review_days__lte", 1100)), name="risk_review_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "accepted"), _negated=True),
                    models.Q(
                        ("accepted_by__isnull", False),
                        ("accepted_until__isnull", False),
                        ("residual_score__gte", 1),
                        ("treatment", "accept"),
                        models.Q(("accepted_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="risk_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "accepted"), _negated=True),
                    ("accepter_person__isnull", True),
                    models.Q(("accepter_person", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="risk_accepted_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="risk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="risk_closed_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="risktask",
            index=models.Index(fields=["tenant", "risk", "status"], name="risk_task_of"),
        ),
        migrations.AddIndex(
            model_name="risktask",
            index=models.Index(fields=["tenant", "owner", "status", "due_on"], name="risk_task_due"),
        ),
        migrations.AddConstraint(
            model_name="risktask",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "done", "cancelled"])), name="risk_task_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="risktask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "open"),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="risk_task_ended_with_words",
            ),
        ),
        migrations.AddIndex(
            model_name="riskword",
            index=models.Index(fields=["tenant", "word", "risk"], name="risk_word_search"),
        ),
        migrations.AddConstraint(
            model_name="riskword",
            constraint=models.UniqueConstraint(fields=("tenant", "risk", "word"), name="risk_word_unique"),
        ),
        TenantTable("RiskScale"),
        TenantTable("Risk"),
        TenantTable("RiskRating"),
        TenantTable("RiskControl"),
        TenantTable("RiskWord"),
        TenantTable("RiskTask"),
        TenantTable("RiskAssessment"),
        TenantTable("RiskAssessmentVersion"),
        Immutable("RiskScale"),
        Immutable("RiskRating"),
        Immutable("RiskAssessmentVersion"),
        Stateful("RiskScale"),
        Stateful("Risk"),
        Stateful("RiskRating", insert_parent="risk"),
        Stateful("RiskTask"),
        Stateful("RiskAssessment"),
        Stateful("RiskAssessmentVersion", insert_parent="assessment"),
    ]
