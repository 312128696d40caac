from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import tenancy.ids
import tenancy.models
import tenancy.scope
from tenancy.operations import Stateful, TenantTable

PRIORITIES = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")]
# All but how often it was seen, and when last: that is counted without an event.
DECIDED = (
    "reference", "title", "description", "policy_id", "resource", "person_id", "member_id", "severity", "detected", "reported_as",
    "rule", "fingerprint", "reported_by_id", "detected_at", "owner_id", "due_on", "status", "ended_by_id", "ended_at", "outcome",
)  # fmt: skip
# What was asked for is what is approved; what was found stays what it was.
FROZEN = """
CREATE TRIGGER frozen BEFORE UPDATE ON policies_policyexception FOR EACH ROW
WHEN ((OLD.reference, OLD.policy_id, OLD.version_id, OLD.person_id, OLD.what, OLD.why, OLD.compensating, OLD.risk, OLD.severity,
       OLD.ends_on, OLD.asked_by_id, OLD.asked_at)
      IS DISTINCT FROM
      (NEW.reference, NEW.policy_id, NEW.version_id, NEW.person_id, NEW.what, NEW.why, NEW.compensating, NEW.risk, NEW.severity,
       NEW.ends_on, NEW.asked_by_id, NEW.asked_at))
EXECUTE FUNCTION tenancy_refuse_change();
CREATE TRIGGER closed BEFORE UPDATE OR DELETE ON policies_policyexception FOR EACH ROW
WHEN (OLD.status IN ('refused', 'withdrawn', 'ended', 'expired'))
EXECUTE FUNCTION tenancy_refuse_change();
CREATE TRIGGER frozen BEFORE UPDATE ON policies_violation FOR EACH ROW
WHEN ((OLD.reference, OLD.title, OLD.description, OLD.resource, OLD.person_id, OLD.member_id, OLD.detected, OLD.reported_as,
       OLD.rule, OLD.fingerprint, OLD.reported_by_id, OLD.detected_at)
      IS DISTINCT FROM
      (NEW.reference, NEW.title, NEW.description, NEW.resource, NEW.person_id, NEW.member_id, NEW.detected, NEW.reported_as,
       NEW.rule, NEW.fingerprint, NEW.reported_by_id, NEW.detected_at))
EXECUTE FUNCTION tenancy_refuse_change();
"""
THAWED = """
DROP TRIGGER frozen ON policies_policyexception;
DROP TRIGGER closed ON policies_policyexception;
DROP TRIGGER frozen ON policies_violation;
"""


def tenant() -> Any:
    """Whose row it is."""
    return models.ForeignKey(
        db_index=False,
        default=tenancy.scope.current_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.organization",
    )


def key() -> Any:
    """Its id."""
    return models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)


def member(**more: Any) -> Any:
    """A member."""
    return models.ForeignKey(**more, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.member")


def row(to: str, name: str = "+", **more: Any) -> Any:
    """A row of the organization."""
    return tenancy.models.TenantForeignKey(**more, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_company"),
        ("controls", "0008_noted"),
        ("inventory", "0001_initial"),
        ("policies", "0004_training"),
        ("tenancy", "0002_measure"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyException",
            fields=[
                ("id", key()),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("what", models.TextField(max_length=5000, verbose_name="what is not kept to")),
                ("why", models.TextField(max_length=5000)),
                ("compensating", models.TextField(max_length=5000, verbose_name="what makes up for it")),
                ("risk", models.TextField(max_length=5000, verbose_name="what could happen")),
                (
                    "severity",
                    models.CharField(choices=PRIORITIES, default="medium", max_length=8, verbose_name="how grave that is"),
                ),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "To be decided"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("ended", "Ended early"),
                            ("expired", "Expired"),
                        ],
                        default="requested",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.TextField(blank=True, max_length=5000)),
                ("ended_on", models.DateField(null=True)),
                ("ended_reason", models.TextField(blank=True, max_length=5000)),
                ("asked_by", member()),
                ("decided_by", member(null=True)),
                ("decider_person", row("inventory.person", null=True)),
                ("finding", row("controls.finding", "policy_exceptions", null=True)),
                ("person", row("inventory.person", "policy_exceptions")),
                ("policy", row("policies.policy", "exceptions")),
                ("tenant", tenant()),
                ("version", row("policies.policyversion", "exceptions")),
            ],
            options={"ordering": ["ends_on", "reference"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="Violation",
            fields=[
                ("id", key()),
                ("reference", models.CharField(max_length=20, verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="what is wrong")),
                ("description", models.TextField(blank=True, max_length=5000)),
                ("resource", models.CharField(max_length=200, verbose_name="where")),
                ("severity", models.CharField(choices=PRIORITIES, default="medium", max_length=8)),
                (
                    "detected",
                    models.CharField(
                        choices=[("person", "A person"), ("rule", "A rule of another system"), ("system", "Plumbline")],
                        max_length=6,
                        verbose_name="found by",
                    ),
                ),
                ("reported_as", models.CharField(blank=True, max_length=100, verbose_name="the system that found it")),
                ("rule", models.CharField(blank=True, max_length=100, verbose_name="by which rule")),
                ("fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                ("detected_at", models.DateTimeField(verbose_name="found")),
                ("times_seen", models.PositiveIntegerField(default=1)),
                ("last_seen_at", models.DateTimeField()),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("remediated", "Remediated"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.TextField(blank=True, max_length=5000, verbose_name="what was done, or why it is none"),
                ),
                ("ended_by", member(null=True)),
                ("member", member(null=True)),
                ("owner", row("inventory.person", null=True, blank=True)),
                ("person", row("inventory.person", "violations", null=True, blank=True)),
                ("policy", row("policies.policy", "violations", null=True, blank=True)),
                ("reported_by", member(null=True)),
                ("tenant", tenant()),
            ],
            options={"ordering": ["due_on", "reference"], "abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddIndex(
            model_name="policyexception", index=models.Index(fields=["tenant", "status", "ends_on"], name="policy_exception_end")
        ),
        migrations.AddIndex(
            model_name="policyexception",
            index=models.Index(fields=["tenant", "policy", "status"], name="policy_exception_policy"),
        ),
        migrations.AddIndex(
            model_name="policyexception",
            index=models.Index(fields=["tenant", "person", "status"], name="policy_exception_person"),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.UniqueConstraint(fields=["tenant", "reference"], name="policy_exception_reference"),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=Q(status__in=["requested", "approved", "refused", "withdrawn", "ended", "expired"]),
                name="policy_exception_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=Q(severity__in=["critical", "high", "medium", "low"]), name="policy_exception_severity"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=~Q(what="") & ~Q(why="") & ~Q(compensating="") & ~Q(risk=""), name="policy_exception_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=("approved", "refused", "ended", "expired"))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="policy_exception_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="policy_exception_by_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=Q(decider_person__isnull=True) | ~Q(decider_person=F("person")), name="policy_exception_for_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=~Q(status__in=["ended", "expired"]) | Q(ended_on__isnull=False), name="policy_exception_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="policyexception",
            constraint=models.CheckConstraint(
                condition=~Q(status="expired") | Q(finding__isnull=False), name="policy_exception_expired_with_finding"
            ),
        ),
        migrations.AddIndex(
            model_name="violation", index=models.Index(fields=["tenant", "status", "due_on"], name="violation_due")
        ),
        migrations.AddIndex(
            model_name="violation", index=models.Index(fields=["tenant", "detected_at"], name="violation_detected")
        ),
        migrations.AddIndex(
            model_name="violation", index=models.Index(fields=["tenant", "owner", "status"], name="violation_owner")
        ),
        migrations.AddConstraint(
            model_name="violation", constraint=models.UniqueConstraint(fields=["tenant", "reference"], name="violation_reference")
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.UniqueConstraint(
                fields=["tenant", "fingerprint"],
                condition=Q(status="open") & ~Q(fingerprint=""),
                name="violation_once_while_open",
                violation_error_message="The same is open already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=Q(status__in=["open", "remediated", "dismissed"]), name="violation_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=Q(severity__in=["critical", "high", "medium", "low"]), name="violation_severity"
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=Q(detected="person", reported_by__isnull=False)
                | Q(detected="rule", reported_by__isnull=False)
                | Q(detected="system", reported_by__isnull=True) & ~Q(fingerprint=""),
                name="violation_found_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=Q(status="open", ended_at__isnull=True)
                | ~Q(status="open") & Q(ended_at__isnull=False) & ~Q(outcome=""),
                name="violation_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=~Q(status="dismissed") | Q(ended_by__isnull=False), name="violation_dismissed_by_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="violation",
            constraint=models.CheckConstraint(
                condition=~Q(status="dismissed") | Q(member__isnull=True) | ~Q(member=F("ended_by")),
                name="violation_dismissed_by_another",
            ),
        ),
        TenantTable("PolicyException"),
        TenantTable("Violation"),
        Stateful("PolicyException"),
        Stateful("Violation", columns=DECIDED),
        migrations.RunSQL(FROZEN, THAWED),
    ]
