import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_tokens"),
        ("evidence", "0006_orders"),
        ("inventory", "0001_initial"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("content_hash", models.CharField(max_length=64)),
                ("answer", models.CharField(choices=[("approved", "Approved"), ("rejected", "Rejected")], max_length=8)),
                (
                    "status",
                    models.CharField(
                        choices=[("given", "Given"), ("void", "Void")], default="given", max_length=5, verbose_name="state"
                    ),
                ),
                ("is_author", models.BooleanField(default=False)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("factor", models.CharField(blank=True, max_length=20, verbose_name="second factor")),
                ("factor_at", models.DateTimeField(null=True)),
                ("difference", models.JSONField(default=list, verbose_name="what they saw")),
                ("note", models.TextField(blank=True, max_length=5000)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("here", "Here"),
                            ("github", "Review on GitHub"),
                            ("gitlab", "Approval on GitLab"),
                            ("file", "Imported file"),
                        ],
                        default="here",
                        max_length=8,
                    ),
                ),
                ("head_sha", models.CharField(blank=True, max_length=64)),
                ("given_at", models.DateTimeField()),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.TextField(blank=True)),
                (
                    "approver",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "approver_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="inventory.person"
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "requester_person",
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
            ],
            options={
                "ordering": ["given_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "approver_person", "-given_at"], name="approval_approver")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("status__in", ["given", "void"])), name="approval_status"),
                    models.CheckConstraint(condition=models.Q(("answer__in", ["approved", "rejected"])), name="approval_answer"),
                    models.CheckConstraint(
                        condition=models.Q(("approver__isnull", False), ("approver_person__isnull", False), _connector="OR"),
                        name="approval_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "approved"), _negated=True),
                            models.Q(
                                models.Q(
                                    ("approver__isnull", True),
                                    ("requester__isnull", True),
                                    models.Q(("approver", models.F("requester")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("approver_person__isnull", True),
                                    ("requester_person__isnull", True),
                                    models.Q(("approver_person", models.F("requester_person")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="approval_not_by_requester",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "rejected"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_rejected_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRule",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("code", "Code"),
                                ("config", "Configuration"),
                                ("infrastructure", "Infrastructure"),
                                ("data", "Data"),
                                ("access", "Access"),
                            ],
                            max_length=14,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "risks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], max_length=6
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("administrator", "Administrator"),
                            ("compliance_manager", "Compliance manager"),
                            ("reviewer", "Reviewer"),
                            ("approver", "Approver"),
                            ("executive", "Executive"),
                            ("auditor", "Auditor"),
                            ("viewer", "Viewer"),
                            ("employee", "Employee"),
                        ],
                        max_length=30,
                        verbose_name="by somebody with the role",
                    ),
                ),
                ("by_system_owner", models.BooleanField(default=False, verbose_name="by the owner of a system affected")),
                ("count", models.PositiveSmallIntegerField(default=1, verbose_name="approvals needed")),
                ("accepts_reviews", models.BooleanField(default=True, verbose_name="reviews of the pull request count")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In force"), ("retired", "Retired")],
                        default="active",
                        max_length=10,
                        verbose_name="state",
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
                "ordering": ["name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "name"),
                        name="approval_rule_name_unique",
                        violation_error_message="There is a rule of this name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "retired"])), name="approval_rule_status"
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1), ("count__lte", 9)), name="approval_rule_count"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalFor",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "approval",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counted_for", to="changes.approval"
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
                    "rule",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="changes.approvalrule"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "approval", "rule"), name="approval_for_unique")],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                (
                    "type",
                    models.CharField(
                        choices=[("standard", "Standard"), ("normal", "Normal"), ("emergency", "Emergency")],
                        default="normal",
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("config", "Configuration"),
                            ("infrastructure", "Infrastructure"),
                            ("data", "Data"),
                            ("access", "Access"),
                        ],
                        default="infrastructure",
                        max_length=14,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, max_length=20000, verbose_name="what will change")),
                (
                    "priority",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                    ),
                ),
                ("impact", models.TextField(blank=True, max_length=10000, verbose_name="who notices, and how")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="risk questionnaire")),
                (
                    "risk",
                    models.CharField(
                        blank=True, choices=[("high", "High"), ("medium", "Medium"), ("low", "Low")], editable=False, max_length=6
                    ),
                ),
                (
                    "environments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
                    ),
                ),
                ("window_from", models.DateTimeField(blank=True, null=True, verbose_name="planned from")),
                ("window_until", models.DateTimeField(blank=True, null=True, verbose_name="planned until")),
                ("rollback_plan", models.TextField(blank=True, max_length=10000, verbose_name="how it is undone")),
                ("abort_criteria", models.TextField(blank=True, max_length=10000, verbose_name="when it is stopped or undone")),
                ("test_plan", models.TextField(blank=True, max_length=10000, verbose_name="how it is tested")),
                ("testing_evidence", models.TextField(blank=True, max_length=10000, verbose_name="what the tests showed")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("implemented", "Implemented"),
                            ("reviewed", "Reviewed"),
                            ("closed", "Closed"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                            ("failed", "Failed"),
                            ("rolled_back", "Rolled back"),
                        ],
                        default="draft",
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("separate_implementer", models.BooleanField(default=False, editable=False)),
                ("separate_verifier", models.BooleanField(default=False, editable=False)),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("edited_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_until", models.DateTimeField(null=True)),
                ("implemented_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("emergency_reason", models.TextField(blank=True, max_length=5000, verbose_name="why it could not wait")),
                ("written_due_at", models.DateTimeField(null=True)),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("as_planned", "As planned"),
                            ("with_deviations", "With deviations"),
                            ("failed", "Failed"),
                            ("rolled_back", "Rolled back"),
                        ],
                        max_length=16,
                    ),
                ),
                ("effect", models.TextField(blank=True, max_length=10000, verbose_name="what it did")),
                ("lessons", models.TextField(blank=True, max_length=10000)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review_due_on", models.DateField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("form", "Entered here"),
                            ("api", "API"),
                            ("github", "GitHub"),
                            ("gitlab", "GitLab"),
                            ("file", "Imported file"),
                        ],
                        default="form",
                        max_length=8,
                    ),
                ),
                ("repository", models.CharField(blank=True, max_length=200)),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("head_sha", models.CharField(blank=True, max_length=64, verbose_name="last commit of the request")),
                ("merge_sha", models.CharField(blank=True, max_length=64, verbose_name="merge commit")),
                ("merged_at", models.DateTimeField(null=True)),
                ("merged_by", models.CharField(blank=True, max_length=120)),
                ("checks", models.JSONField(blank=True, default=list)),
                (
                    "agreed_by",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "implementer",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_implemented",
                        to="inventory.person",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "requester",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_requested",
                        to="inventory.person",
                    ),
                ),
                (
                    "reviewed_by",
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
                    "verifier",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes_verified",
                        to="inventory.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-raised_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "status", "-raised_at"], name="change_status_raised"),
                    models.Index(fields=["tenant", "-raised_at", "-id"], name="change_raised"),
                    models.Index(fields=["tenant", "window_from"], name="change_window"),
                    models.Index(fields=["tenant", "requester", "status"], name="change_requester"),
                    models.Index(fields=["tenant", "implementer", "status"], name="change_implementer"),
                    models.Index(
                        condition=models.Q(("merge_sha", ""), _negated=True),
                        fields=["tenant", "merge_sha"],
                        name="change_merge_sha",
                    ),
                    models.Index(
                        condition=models.Q(("head_sha", ""), _negated=True), fields=["tenant", "head_sha"], name="change_head_sha"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="change_reference_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False)),
                        fields=("tenant", "source", "repository", "number"),
                        name="change_request_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "approved",
                                    "scheduled",
                                    "implemented",
                                    "reviewed",
                                    "closed",
                                    "rejected",
                                    "withdrawn",
                                    "failed",
                                    "rolled_back",
                                ],
                            )
                        ),
                        name="change_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["standard", "normal", "emergency"])), name="change_type"
                    ),
                    models.CheckConstraint(condition=models.Q(("risk__in", ["", "low", "medium", "high"])), name="change_risk"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_from__isnull", True),
                            ("window_until__isnull", True),
                            ("window_until__gt", models.F("window_from")),
                            _connector="OR",
                        ),
                        name="change_window_forward",
                        violation_error_message="The window ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            ("submitted_at__isnull", False),
                            ("status", "withdrawn"),
                            ("type", "emergency"),
                            _connector="OR",
                        ),
                        name="change_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "scheduled"]), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="change_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["implemented", "failed", "rolled_back", "reviewed", "closed"]),
                                ("type", "emergency"),
                                _negated=True,
                            ),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="change_emergency_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("separate_verifier", True), _negated=True),
                            ("verifier__isnull", True),
                            ("implementer__isnull", True),
                            models.Q(("verifier", models.F("implementer")), _negated=True),
                            _connector="OR",
                        ),
                        name="change_verified_by_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="approval",
            name="change",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="changes.change"
            ),
        ),
        migrations.CreateModel(
            name="ChangeComment",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField(max_length=10000)),
                ("said_at", models.DateTimeField()),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="changes.change"
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
            name="ChangeCommit",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("sha", models.CharField(max_length=64)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("email", models.CharField(blank=True, max_length=254)),
                ("is_bot", models.BooleanField(default=False)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("committed_at", models.DateTimeField(null=True)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="commits", to="changes.change"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "ordering": ["id"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "sha"], name="change_commit_sha")],
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "sha"), name="change_commit_unique")],
            },
        ),
        migrations.CreateModel(
            name="ChangeEvidence",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "use",
                    models.CharField(
                        choices=[("attachment", "Attachment"), ("testing", "Testing"), ("review", "Review")],
                        default="attachment",
                        max_length=10,
                        verbose_name="what it shows",
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
                ("linked_at", models.DateTimeField(auto_now_add=True)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="changes.change"
                    ),
                ),
                (
                    "evidence",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="evidence.evidence"
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
                "ordering": ["linked_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "linked")),
                        fields=("tenant", "change", "evidence"),
                        name="change_evidence_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["linked", "removed"])), name="change_evidence_status"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeLink",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pull_request", "Pull request"),
                            ("ticket", "Ticket"),
                            ("commit", "Commit"),
                            ("deployment", "Deployment"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=14,
                    ),
                ),
                ("url", models.URLField(max_length=500)),
                ("label", models.CharField(blank=True, max_length=200)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="changes.change"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "url"), name="change_link_unique")],
            },
        ),
        migrations.CreateModel(
            name="ChangeMention",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "comment",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="changes.changecomment"
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "comment", "member"), name="change_mention_unique")],
            },
        ),
        migrations.CreateModel(
            name="ChangeSettings",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("separate_implementer", models.BooleanField(default=False, verbose_name="who approves does not implement")),
                ("separate_verifier", models.BooleanField(default=False, verbose_name="who implements does not verify")),
                (
                    "approval_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="days until an unused approval expires"),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="days to the review after implementation"),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant",), name="change_settings_one"),
                    models.CheckConstraint(
                        condition=models.Q(("approval_days__gte", 1), ("approval_days__lte", 365)),
                        name="change_settings_approval",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_days__gte", 1), ("review_days__lte", 60)), name="change_settings_review"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="systems", to="changes.change"
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="inventory.system"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "system"), name="change_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="ChangeTemplate",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("config", "Configuration"),
                            ("infrastructure", "Infrastructure"),
                            ("data", "Data"),
                            ("access", "Access"),
                        ],
                        default="infrastructure",
                        max_length=14,
                    ),
                ),
                ("description", models.TextField(max_length=20000, verbose_name="what is changed, step by step")),
                ("impact", models.TextField(blank=True, max_length=10000, verbose_name="who notices, and how")),
                ("rollback_plan", models.TextField(max_length=10000, verbose_name="how it is undone")),
                ("abort_criteria", models.TextField(blank=True, max_length=10000, verbose_name="when it is stopped or undone")),
                ("test_plan", models.TextField(blank=True, max_length=10000, verbose_name="how it is tested")),
                ("expires_on", models.DateField(verbose_name="approved until")),
                ("content_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("approved_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "approver_person",
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
                    "writer_person",
                    tenancy.models.TenantForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
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
                "ordering": ["title"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "retired"), _negated=True),
                        fields=("tenant", "title"),
                        name="change_template_title_unique",
                        violation_error_message="There is a template of this title already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "submitted", "approved", "retired"])),
                        name="change_template_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "approved"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("approved_hash", models.F("content_hash")),
                            ),
                            _connector="OR",
                        ),
                        name="change_template_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "approved"), _negated=True),
                            ("written_by__isnull", True),
                            models.Q(("approved_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="change_template_by_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="change",
            name="template",
            field=tenancy.models.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="changes.changetemplate",
            ),
        ),
        migrations.CreateModel(
            name="ChangeVersion",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="changes.change"
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
                "ordering": ["number"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "number"), name="change_version_unique")],
            },
        ),
        migrations.AddField(
            model_name="approval",
            name="version",
            field=tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="changes.changeversion"
            ),
        ),
        migrations.CreateModel(
            name="ChangeWatcher",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "change",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watchers", to="changes.change"
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
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "change", "member"), name="change_watcher_unique")],
            },
        ),
        migrations.CreateModel(
            name="RuleApprover",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.person"
                    ),
                ),
                (
                    "rule",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvers", to="changes.approvalrule"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "rule", "person"), name="rule_approver_unique")],
            },
        ),
        migrations.CreateModel(
            name="RuleSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "rule",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="systems", to="changes.approvalrule"
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.system"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "rule", "system"), name="rule_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="TemplateSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="change_templates", to="inventory.system"
                    ),
                ),
                (
                    "template",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="systems", to="changes.changetemplate"
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "template", "system"), name="template_system_unique")],
            },
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approver__isnull", False), ("status", "given")),
                fields=("tenant", "version", "approver"),
                name="approval_once_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approver_person__isnull", False), ("status", "given")),
                fields=("tenant", "version", "approver_person"),
                name="approval_once_each_person",
            ),
        ),
        TenantTable("ChangeTemplate"),
        TenantTable("Change"),
        TenantTable("ChangeSystem"),
        TenantTable("ChangeLink"),
        TenantTable("ChangeCommit"),
        TenantTable("ChangeEvidence"),
        TenantTable("TemplateSystem"),
        TenantTable("ApprovalRule"),
        TenantTable("RuleSystem"),
        TenantTable("RuleApprover"),
        TenantTable("ChangeVersion"),
        TenantTable("Approval"),
        TenantTable("ApprovalFor"),
        TenantTable("ChangeComment"),
        TenantTable("ChangeMention"),
        TenantTable("ChangeWatcher"),
        TenantTable("ChangeSettings"),
        Stateful("Change"),
        Stateful("ChangeEvidence"),
        Stateful("ChangeTemplate"),
        Stateful("ApprovalRule"),
        Stateful("Approval"),
        Stateful("ChangeSettings"),
        Immutable("ChangeVersion"),
        Immutable("ApprovalFor"),
        Immutable("ChangeComment"),
        Immutable("ChangeMention"),
    ]
