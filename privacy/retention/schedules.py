"""Screens of retention schedules."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse

from accounts.factors import FactorFormMixin, FactorScreenMixin
from privacy.classes.views import ways
from privacy.models import DataSet, DeletionCertificate, InUse, RetentionSchedule
from privacy.retention import actions, forms
from privacy.retention.deleting import AT_ONCE, delete_due, outlook
from privacy.retention.holding import ELSEWHERE, holds_on
from privacy.retention.reported import report_due_on, reports_of
from privacy.rights import READ, WRITE
from privacy.screens import AboutScreen, Button, CreateScreen, EditScreen, MoveScreen, RecordScreen, Table, owner_name
from ui.values import spelled
from workflow.once import OnceForm, OnceScreen
from workflow.retention import disposables

SCHEDULES = ("Retention schedules", "privacy:schedule-list")


class ScheduleDetail(RecordScreen):
    """One schedule: how long, why, what is due, and what was deleted under it."""

    permission = READ
    breadcrumbs = (SCHEDULES,)
    model = RetentionSchedule
    object: RetentionSchedule

    def get_queryset(self) -> QuerySet[Any]:
        """With what it names."""
        return RetentionSchedule.objects.select_related("owner", "system", "control")

    def get_title(self) -> str:
        """Number and name."""
        return f"{self.object.reference}: {self.object.name}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """How long, of what, and how it goes."""
        one = self.object
        kind = disposables().get(one.kind)
        seen = outlook(one) if one.status == InUse.ACTIVE else None
        due_on = report_due_on(one, self.request.organization.today())
        return [
            ("Days kept", one.days),
            ("Counted from", one.counted_from),
            ("Data of the product", kind.label if kind else ""),
            ("System", one.system),
            ("Control", one.control.code if one.control else ""),
            ("How it is deleted", one.method),
            ("Deleted by itself", one.automatic if one.kind else None),
            ("Due now", f"{seen.due:,}" if seen else None),
            ("Kept for a legal hold", f"{seen.held:,}" if seen else None),
            ("Last run", one.ran_on),
            ("Next report due", due_on),
            ("With", owner_name(one)),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """Why so long, and what the data is."""
        kind = disposables().get(self.object.kind)
        return [("Why so long", self.object.reason), ("What the data is", kind.words if kind else "")]

    def get_tables(self) -> list[Table]:
        """Deletions under it, those that others reported, and the data it is for."""
        one = self.object
        made = list(one.certificates.order_by("-made_at")[:50])
        tables = [
            Table(
                "Deleted under it",
                ("Certificate", "How many", "Held", "By", "When"),
                [[row.reference, row.count, row.held, row.by, row.made_at] for row in made],
                "Nothing was deleted under it yet.",
                [row.get_absolute_url() for row in made],
            )
        ]
        if not one.kind:
            told = list(reports_of(one)[:50])
            tables = [
                Table(
                    "Deletions that other systems reported",
                    ("Event", "What", "How many", "From", "When"),
                    [
                        [
                            row.event_id,
                            row.subject,
                            "" if row.measure is None else f"{row.measure:,.0f}",
                            row.source,
                            row.occurred_at,
                        ]
                        for row in told
                    ],
                    f"None yet. A deletion event of the control says “{one.reference}” in its field retention.",
                    [row.get_absolute_url() for row in told] if self.can("controls.read") else (),
                )
            ]
        sets = list(DataSet.objects.filter(schedule=one).order_by("name")[:200])
        rows = [[row.name, row.location, row.status_badge] for row in sets]
        urls = [row.get_absolute_url() for row in sets]
        return [*tables, Table("Data of the inventory", ("Data", "Where", "State"), rows, "None names it.", urls)]

    def get_next_step(self) -> str:
        """When what goes."""
        one = self.object
        if one.status != InUse.ACTIVE:
            return ""
        held = holds_on(one.kind or ELSEWHERE)
        if not one.kind:
            names = ", ".join(map(str, held))
            return f"Held by {names}: nothing of it may be deleted now." if names else ""
        if one.automatic:
            return "Every night what is due is deleted, with a certificate. What a legal hold covers stays."
        return "Nothing is deleted by itself: it was not asked for. Somebody may delete what is due."

    def get_buttons(self) -> list[Button]:
        """To change, retire and run it."""
        one = self.object
        if not self.can(WRITE):
            return []
        run = Button("Delete what is due", reverse("privacy:schedule-run", args=[one.pk]))
        return [*([run] if one.kind and one.status == InUse.ACTIVE else []), *ways(one, "schedule")]


class ScheduleCreate(CreateScreen):
    """Set a schedule."""

    permission = WRITE
    form_class = forms.ScheduleForm
    title = "Set a retention schedule"
    breadcrumbs = (SCHEDULES,)
    success_message = "The schedule is set."

    def act(self, form: Any) -> RetentionSchedule:
        """Set it."""
        return actions.make_schedule(actor=self.request.member, **form.facts())


class ScheduleEdit(EditScreen):
    """Change a schedule."""

    permission = WRITE
    form_class = forms.ScheduleForm
    model = RetentionSchedule
    up = SCHEDULES

    def act(self, form: Any) -> RetentionSchedule:
        """Change it."""
        return actions.edit_schedule(self.object, actor=self.request.member, **form.facts())


class ScheduleRetire(MoveScreen):
    """The schedule holds no more."""

    permission = WRITE
    model = RetentionSchedule
    object: RetentionSchedule
    transition = RetentionSchedule.RETIRE
    verb, up = "Retire", SCHEDULES
    success_message = "The schedule is retired: nothing is deleted under it."


class ScheduleRestore(MoveScreen):
    """The schedule holds again."""

    permission = WRITE
    model = RetentionSchedule
    object: RetentionSchedule
    transition = RetentionSchedule.RESTORE
    verb, up = "Put back", SCHEDULES
    success_message = "The schedule holds again."


class RunForm(FactorFormMixin, OnceForm):
    """Delete what is due."""

    sure = django_forms.BooleanField(label="Delete it for good", help_text="Nobody can bring it back.")


class ScheduleRun(FactorScreenMixin, AboutScreen, OnceScreen):
    """Delete what is due under a schedule, now. Asks for a recent second factor."""

    permission = WRITE
    model = RetentionSchedule
    form_class = RunForm
    verb, up = "Delete what is due under", SCHEDULES
    submit_label = "Delete"
    tone = "danger"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what would go."""
        seen = outlook(self.object)
        if seen:
            kept = f" {seen.held:,} stay for a legal hold." if seen.held else ""
            kwargs["explain"] = (
                f"{seen.due - seen.held:,} records older than {spelled(seen.before.date())} are deleted for good, "
                f"up to {AT_ONCE:,} at once.{kept}"
            )
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> DeletionCertificate | RetentionSchedule:
        """Delete."""
        made = delete_due(self.object, actor=self.request.member)
        if made is None:
            messages.info(self.request, "Nothing is due.")
            return self.object  # type: ignore[no-any-return]
        messages.success(self.request, f"{made.count:,} records were deleted.")
        return made
