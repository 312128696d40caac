import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Immutable, Stateful, TenantTable

# What a campaign asks to be confirmed, and whom a row is of, stays.
FROZEN = """
CREATE TRIGGER frozen BEFORE UPDATE ON policies_acknowledgementcampaign FOR EACH ROW
WHEN ((OLD.policy_id, OLD.version_id, OLD.content_hash, OLD.started_at)
      IS DISTINCT FROM (NEW.policy_id, NEW.version_id, NEW.content_hash, NEW.started_at))
EXECUTE FUNCTION tenancy_refuse_change();
CREATE TRIGGER whose BEFORE UPDATE ON policies_acknowledgement FOR EACH ROW
WHEN ((OLD.campaign_id, OLD.person_id) IS DISTINCT FROM (NEW.campaign_id, NEW.person_id))
EXECUTE FUNCTION tenancy_refuse_change();
"""
THAWED = "DROP TRIGGER frozen ON policies_acknowledgementcampaign; DROP TRIGGER whose ON policies_acknowledgement"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_company"),
        ("inventory", "0001_initial"),
        ("policies", "0001_policies"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcknowledgementCampaign",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "audience",
                    models.CharField(
                        choices=[("everyone", "Everyone"), ("departments", "Departments"), ("people", "People chosen")],
                        default="everyone",
                        max_length=11,
                        verbose_name="whom",
                    ),
                ),
                (
                    "departments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("by_hand", "By hand"),
                            ("change", "After a material change"),
                            ("joining", "On joining, or not asked before"),
                            ("yearly", "Every year"),
                            ("carried", "Carried over to the next version"),
                        ],
                        default="by_hand",
                        max_length=8,
                        verbose_name="why",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="confirm by")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Under way"), ("closed", "Closed")], default="open", max_length=6, verbose_name="state"
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.TextField(blank=True, max_length=2000)),
                (
                    "policy",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgement_campaigns",
                        to="policies.policy",
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
                (
                    "version",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgement_campaigns",
                        to="policies.policyversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("due_on", models.DateField(verbose_name="confirm by")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To confirm"), ("confirmed", "Confirmed")],
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("escalated_on", models.DateField(null=True, verbose_name="told to the manager")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("ip", models.GenericIPAddressField(null=True, verbose_name="IP address")),
                ("user_agent", models.CharField(blank=True, max_length=300, verbose_name="browser")),
                ("certificate", models.CharField(blank=True, max_length=64)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member"
                    ),
                ),
                (
                    "person",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgements", to="inventory.person"
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
                    "campaign",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="policies.acknowledgementcampaign",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AcknowledgementRule",
            fields=[
                ("id", models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "audience",
                    models.CharField(
                        choices=[("everyone", "Everyone"), ("departments", "Departments"), ("people", "People chosen")],
                        default="everyone",
                        max_length=11,
                        verbose_name="whom",
                    ),
                ),
                (
                    "departments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), blank=True, default=list, size=None
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=14, verbose_name="days to confirm")),
                ("after_change", models.BooleanField(default=True, verbose_name="after a material change")),
                ("on_joining", models.BooleanField(default=True, verbose_name="on joining")),
                ("yearly", models.BooleanField(default=True, verbose_name="every year")),
                (
                    "policy",
                    tenancy.models.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgement_rules", to="policies.policy"
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
        migrations.AddIndex(
            model_name="acknowledgementcampaign",
            index=models.Index(fields=["tenant", "policy", "status"], name="acknowledgement_campaign_of"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementcampaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "closed"])), name="acknowledgement_campaign_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementcampaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_hash", ""), _negated=True), name="acknowledgement_campaign_bound"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementcampaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "open"), ("closed_at__isnull", False), _connector="OR"),
                name="acknowledgement_campaign_end",
            ),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["tenant", "due_on", "id"], name="acknowledgement_due"),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["tenant", "status", "due_on"], name="acknowledgement_status"),
        ),
        migrations.AddIndex(
            model_name="acknowledgement",
            index=models.Index(fields=["tenant", "person", "status"], name="acknowledgement_person"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(fields=("tenant", "campaign", "person"), name="acknowledgement_once"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "confirmed"])), name="acknowledgement_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "open"),
                    models.Q(
                        models.Q(("content_hash", ""), _negated=True),
                        models.Q(("certificate", ""), _negated=True),
                        ("confirmed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="acknowledgement_certified",
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "open"), ("confirmed_by__isnull", False), _connector="OR"),
                name="acknowledgement_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementrule",
            constraint=models.UniqueConstraint(fields=("tenant", "policy"), name="acknowledgement_rule_unique"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["everyone", "departments"])), name="acknowledgement_rule_audience"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgementrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 1), ("days__lte", 90)), name="acknowledgement_rule_days"
            ),
        ),
        TenantTable("AcknowledgementRule"),
        TenantTable("AcknowledgementCampaign"),
        TenantTable("Acknowledgement"),
        Stateful("AcknowledgementRule"),
        Stateful("AcknowledgementCampaign"),
        Stateful("Acknowledgement", insert_parent="campaign"),
        Immutable("Acknowledgement", status="confirmed"),
        migrations.RunSQL(FROZEN, THAWED),
    ]
