import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Stateful, TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("accounts", "0001_initial"),
        ("inventory", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=200)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("due_on", models.DateField(verbose_name="due")),
                ("instructions", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("starting", "Being started"),
                            ("active", "Under way"),
                            ("signed_off", "Signed off"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("prepared_automatically", models.BooleanField(default=False)),
                ("second_reviewer_reason", models.TextField(blank=True)),
                ("item_count", models.PositiveIntegerField(default=0)),
                ("population_digest", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("signed_off_at", models.DateTimeField(null=True)),
                ("sign_off_note", models.TextField(blank=True)),
                ("decision_digest", models.CharField(blank=True, help_text="SHA-256 over the ordered decisions", max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_note", models.TextField(blank=True)),
                (
                    "next_review_on",
                    models.DateField(
                        help_text="day by which the next review is due, set at the close",
                        null=True,
                        verbose_name="next review",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "second_reviewer",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        help_text="decides where nobody else independent exists",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "signed_off_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "started_by",
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
                "ordering": ["-period_from", "-created_at"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "reference"), name="campaign_reference_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("prepared_automatically", True)),
                        fields=("tenant", "period_from"),
                        name="campaign_prepared_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "starting", "active", "signed_off", "closed", "cancelled"])),
                        name="campaign_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_from__lte", models.F("period_to"))), name="campaign_period"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignSystem",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "reviewer_order",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("entitlement_owner", "Entitlement owner"),
                                ("system_owner", "System owner"),
                                ("line_manager", "Line manager"),
                                ("backup", "Backup reviewer"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "incomplete_reason",
                    models.TextField(blank=True, help_text="why an incomplete snapshot is reviewed all the same"),
                ),
                ("item_count", models.PositiveIntegerField(default=0)),
                (
                    "left_out_count",
                    models.PositiveIntegerField(default=0, help_text="entitlements of accounts whose state counts as no access"),
                ),
                (
                    "campaign",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scope", to="reviews.campaign"
                    ),
                ),
                (
                    "incomplete_accepted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "snapshot",
                    tenancy.models.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.snapshot",
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
                "ordering": ["system__name"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant", "campaign", "system"), name="campaign_system_unique")],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField(help_text="order within the campaign: system, person, role")),
                (
                    "account_kind",
                    models.CharField(
                        choices=[
                            ("person", "A person's"),
                            ("shared", "Shared"),
                            ("service", "Service"),
                            ("unmatched", "Unmatched"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject_name", models.CharField(max_length=500)),
                ("routed_by", models.CharField(blank=True, help_text="the route that named the reviewer", max_length=20)),
                ("privileged", models.BooleanField(default=False)),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("leaver", "Leaver"),
                                ("unmatched", "Unmatched account"),
                                ("shared", "Shared account"),
                                ("service", "Service account"),
                                ("unused_90", "Unused for 90 days"),
                                ("use_unknown_privileged", "Privileged, last use unknown"),
                                ("never_reviewed", "Never reviewed"),
                                ("regranted", "Granted again"),
                            ],
                            max_length=30,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("flagged", models.BooleanField(default=False)),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("first", "First review"),
                            ("same", "As last time"),
                            ("new", "New since the last review"),
                            ("still_there", "Still there after a decision to remove or change"),
                            ("regranted", "Granted again"),
                        ],
                        default="first",
                        max_length=12,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("retain", "Keep"), ("revoke", "Remove"), ("modify", "Change"), ("not_decided", "Not decided")],
                        max_length=12,
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left", "Left"),
                            ("moved", "Moved"),
                            ("not_used", "Not used"),
                            ("never_needed", "Never needed"),
                            ("duplicate", "Duplicate"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("target_role", models.CharField(blank=True, max_length=500)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_in_bulk", models.BooleanField(default=False)),
                (
                    "account",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.account"
                    ),
                ),
                (
                    "campaign",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="items", to="reviews.campaign"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.member",
                    ),
                ),
                (
                    "decider",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "entitlement",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.entitlement"
                    ),
                ),
                (
                    "previous",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        help_text="the last decision on the same access, in an earlier review that was signed off",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reviews.item",
                    ),
                ),
                (
                    "reviewer",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "subject",
                    tenancy.models.TenantForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.person",
                    ),
                ),
                (
                    "system",
                    tenancy.models.TenantForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.system"
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
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "campaign", "position"], name="item_position"),
                    models.Index(fields=["tenant", "campaign", "decision", "position"], name="item_decision_order"),
                    models.Index(fields=["tenant", "campaign", "reviewer", "decision", "position"], name="item_reviewer"),
                    models.Index(fields=["tenant", "account"], name="item_account"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "campaign", "entitlement"), name="item_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject", None),
                            ("reviewer", None),
                            models.Q(("subject", models.F("reviewer")), _negated=True),
                            _connector="OR",
                        ),
                        name="item_reviewer_not_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject", None),
                            ("decider", None),
                            models.Q(("subject", models.F("decider")), _negated=True),
                            _connector="OR",
                        ),
                        name="item_decider_not_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["", "retain", "revoke", "modify", "not_decided"])),
                        name="item_decision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decider", None), ("decision", "")),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="item_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__in", ["revoke", "modify"]), _negated=True),
                            models.Q(("reason_code", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="item_reason_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "modify"), _negated=True),
                            models.Q(("target_role", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="item_target_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "retain"), _negated=True),
                            ("flagged", False),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="item_flagged_reason",
                    ),
                ],
            },
        ),
        TenantTable("Campaign"),
        TenantTable("CampaignSystem"),
        TenantTable("Item"),
        Stateful("Campaign"),
        Stateful("Item", insert_parent="campaign"),
    ]
