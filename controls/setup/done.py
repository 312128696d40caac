"""What is there after the set-up, what falls due first, and what to do next."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from controls.models import AuditPeriod, Control, ControlCriterion, Occurrence
from controls.status.scope import criteria_of
from evidence.models import Evidence
from inventory.models import Person, System

FIRST = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and the page that shows exactly these."""

    label: str
    value: str
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next, and why."""

    title: str
    why: str
    url: str


def figures(period: AuditPeriod) -> list[Figure]:
    """What was set up."""
    active = Control.objects.filter(status=Control.Status.ACTIVE)
    counts = active.aggregate(all=Count("pk"), nobody=Count("pk", filter=Q(owner__isnull=True)))
    criteria = criteria_of(period)
    answered = ControlCriterion.objects.filter(criterion__in=criteria, control__in=active)
    covered = answered.order_by().values("criterion").distinct().count()
    listing, without = f"{reverse('controls:list')}?period={period.pk}&status=active", counts["nobody"]
    return [
        Figure("Controls in service", str(counts["all"]), listing),
        Figure(
            "Without an owner", str(without), f"{listing}&owner=nobody", f"of {counts['all']}", tone="warn" if without else ""
        ),
        Figure(
            "Criteria with a control",
            f"{covered} of {len(criteria)}",
            f"{reverse('controls:criterion-list')}?period={period.pk}",
            tone="" if covered == len(criteria) else "warn",
        ),
    ]


def begins(today: dt.date) -> dt.date | None:
    """From when on something is expected, where that is still to come; None where it began before today."""
    since = Control.objects.filter(status=Control.Status.ACTIVE).aggregate(first=Min("in_scope_since"))["first"]
    return since if since is not None and since >= today else None


def due_first() -> QuerySet[Occurrence]:
    """The next occurrence of each control, with control and owner; those that fall due first."""
    waiting = Occurrence.objects.filter(status=Occurrence.Status.OPEN)
    next_of_each = waiting.order_by("control_id", "due_on", "pk").distinct("control_id").values("pk")
    found = Occurrence.objects.filter(pk__in=next_of_each).select_related("control__owner")
    return found.order_by("due_on", "control__code", "pk")[:FIRST]


def next_steps(without_owner: bool) -> list[Step]:  # noqa: FBT001 - a fact among facts
    """The three that matter most now."""
    steps = []
    if Person.objects.count() <= 1:
        steps.append(
            Step("Import the roster", "So that controls have owners and leavers are noticed.", reverse("inventory:roster-upload"))
        )
    elif without_owner:
        steps.append(
            Step(
                "Give every control an owner",
                "What falls due lands in the owner's work; without one nobody sees it.",
                f"{reverse('controls:list')}?owner=nobody&status=active",
            )
        )
    if not Evidence.objects.exists():
        steps.append(
            Step("Bring the policies you have", "Most controls want a policy first. Drop the files in.", reverse("evidence:list"))
        )
    steps.append(
        Step(
            "Analyse the gaps",
            "A report of what is missing now, as a page and a PDF: the first of many.",
            reverse("controls:gap-create"),
        )
    )
    if not System.objects.exists():
        steps.append(
            Step("Add your systems", "Access reviews begin with who can get in where.", reverse("inventory:system-create"))
        )
    steps.append(
        Step("Go through the controls", "Change what reads differently with you: they are yours now.", reverse("controls:list"))
    )
    return steps[:3]
