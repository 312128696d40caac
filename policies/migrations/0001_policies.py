import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import controls.models.period
import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# What a version says is written on while it is a draft, and never after.
FROZEN = """
CREATE TRIGGER frozen BEFORE UPDATE ON policies_policyversion FOR EACH ROW
WHEN (OLD.status <> 'draft' AND (
  (OLD.title, OLD.form, OLD.text, OLD.file_id, OLD.material, OLD.change_note, OLD.number, OLD.policy_id)
    IS DISTINCT FROM (NEW.title, NEW.form, NEW.text, NEW.file_id, NEW.material, NEW.change_note, NEW.number, NEW.policy_id)
  OR (NEW.status <> 'draft' AND (OLD.content_hash, OLD.quorum) IS DISTINCT FROM (NEW.content_hash, NEW.quorum))))
EXECUTE FUNCTION tenancy_refuse_change()
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_pipeline"),
        ("controls", "0008_noted"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(choices=[("policy", "Policy"), ("procedure", "Procedure")], default="policy", max_length=9),
                ),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=6, validators=[controls.models.period.known_criterion]),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("review_months", models.PositiveSmallIntegerField(default=12, verbose_name="reviewed every so many months")),
                ("next_review_on", models.DateField(blank=True, null=True, verbose_name="next review")),
                ("quorum", models.PositiveSmallIntegerField(default=1, verbose_name="approvals needed")),
                ("library_key", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In use"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("retired_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policies",
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
                "verbose_name_plural": "policies",
                "ordering": ["title", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PolicyControl",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "control",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="policies", to="controls.control"
                    ),
                ),
                (
                    "policy",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="policies.policy"
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
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=200)),
                (
                    "form",
                    models.CharField(
                        choices=[("written", "Written here"), ("uploaded", "Uploaded file")], default="written", max_length=8
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=200000)),
                ("material", models.BooleanField(default=True, verbose_name="material change")),
                ("change_note", models.TextField(blank=True, max_length=5000, verbose_name="what is different, and why")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("superseded", "Superseded"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("quorum", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_reason", models.TextField(blank=True, max_length=5000, verbose_name="why it was returned")),
                ("approved_at", models.DateTimeField(null=True)),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="in force from")),
                ("published_at", models.DateTimeField(null=True)),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="in force until")),
                ("is_imported", models.BooleanField(default=False, editable=False)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storedfile",
                    ),
                ),
                (
                    "policy",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="policies.policy"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "returned_by",
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
                "ordering": ["-number"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PolicyPaper",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, verbose_name="SHA-256 of what it was printed from")),
                ("made_at", models.DateTimeField()),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_papers",
                        to="evidence.evidence",
                    ),
                ),
                (
                    "file",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.storedfile"
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
                    "version",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="policies.policyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PolicyApproval",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("content_hash", models.CharField(max_length=64)),
                ("approver_name", models.CharField(max_length=200, verbose_name="who approved it")),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "Given"), ("void", "Void")], default="given", max_length=5, verbose_name="state"
                    ),
                ),
                ("source", models.CharField(choices=[("here", "Here"), ("minutes", "Minutes")], default="here", max_length=7)),
                ("given_on", models.DateField(verbose_name="approved on")),
                ("given_at", models.DateTimeField(verbose_name="recorded")),
                ("note", models.TextField(blank=True, max_length=5000)),
                ("void_reason", models.TextField(blank=True)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "minutes",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.storedfile",
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
                (
                    "version",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="policies.policyversion"
                    ),
                ),
            ],
            options={
                "ordering": ["given_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(fields=("tenant", "reference"), name="policy_reference_unique"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")),
                fields=("tenant", "title"),
                name="policy_title_unique",
                violation_error_message="There is a policy of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(condition=models.Q(("status__in", ["active", "retired"])), name="policy_status"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["policy", "procedure"])), name="policy_kind"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "active"), ("retired_on__isnull", False), _connector="OR"), name="policy_retired_on"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(condition=models.Q(("quorum__gte", 1), ("quorum__lte", 9)), name="policy_quorum"),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_months__gte", 1), ("review_months__lte", 36)), name="policy_review_months"
            ),
        ),
        migrations.AddConstraint(
            model_name="policycontrol",
            constraint=models.UniqueConstraint(fields=("tenant", "policy", "control"), name="policy_control_unique"),
        ),
        migrations.AddIndex(
            model_name="policyversion",
            index=models.Index(fields=["tenant", "status", "effective_on"], name="policy_version_status"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(fields=("tenant", "policy", "number"), name="policy_version_number"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "published")), fields=("tenant", "policy"), name="policy_version_one_in_force"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["draft", "in_review", "approved"])),
                fields=("tenant", "policy"),
                name="policy_version_one_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "in_review", "approved", "published", "superseded", "retired"])),
                name="policy_version_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", True), ("form", "written")),
                    models.Q(("form", "uploaded"), ("text", "")),
                    _connector="OR",
                ),
                name="policy_version_one_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "retired"]), models.Q(("content_hash", ""), _negated=True), _connector="OR"
                ),
                name="policy_version_bound",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["published", "superseded"]), _negated=True),
                    models.Q(("effective_on__isnull", False), ("published_at__isnull", False)),
                    _connector="OR",
                ),
                name="policy_version_published_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "superseded"), _negated=True), ("ended_on__isnull", False), _connector="OR"
                ),
                name="policy_version_superseded_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="policypaper",
            constraint=models.UniqueConstraint(fields=("tenant", "version", "digest"), name="policy_paper_unique"),
        ),
        migrations.AddConstraint(
            model_name="policyapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["given", "void"])), name="policy_approval_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approver__isnull", False), ("source", "here")),
                    models.Q(("recorded_by__isnull", False), ("source", "minutes")),
                    _connector="OR",
                ),
                name="policy_approval_of_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver__isnull", True),
                    ("author__isnull", True),
                    models.Q(("approver", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="policy_approval_not_by_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyapproval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approver__isnull", False), ("status", "given")),
                fields=("tenant", "version", "approver"),
                name="policy_approval_once_each",
            ),
        ),
        TenantTable("Policy"),
        TenantTable("PolicyControl"),
        TenantTable("PolicyVersion"),
        TenantTable("PolicyApproval"),
        TenantTable("PolicyPaper"),
        Stateful("Policy"),
        Stateful("PolicyVersion"),
        Stateful("PolicyApproval"),
        Immutable("PolicyPaper"),
        migrations.RunSQL(FROZEN, "DROP TRIGGER frozen ON policies_policyversion"),
    ]
