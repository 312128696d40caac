"""Screens of maintenance: the list, one window, planning, changing, cancelling."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from audit.exports import RecordsExports
from monitoring.defining.listing import LIST, READ
from monitoring.models import MaintenanceCheck, MaintenanceWindow
from monitoring.models.check import EDITS
from monitoring.planning import actions
from monitoring.planning.forms import MaintenanceForm
from tenancy.scope import now
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from ui.values import exact
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

WINDOWS = ("Maintenance", "monitoring:maintenance-list")
_CHECKS = Prefetch("checks", queryset=MaintenanceCheck.objects.select_related("check_of"))


def checks_of(window: MaintenanceWindow) -> str:
    """The names of its checks, or that it is about all. Load it with `checks__check_of`."""
    return ", ".join(sorted(row.check_of.name for row in window.checks.all())) or "All checks"


class MaintenanceList(RecordsExports, ListScreen):
    """Maintenance that was planned."""

    permission = READ
    title = "Maintenance"
    lede = "What fails while it is planned is no outage. Its time is counted apart from the uptime."
    noun = "windows"
    noun_one = "window"
    breadcrumbs = (LIST,)
    columns = (
        Column("name", "Maintenance", sort="name", link=True),
        Column("starts_at", "From", sort="starts_at", value=lambda w: exact(w.starts_at), text=lambda w: w.starts_at),
        Column("ends_at", "Until", sort="ends_at", value=lambda w: exact(w.ends_at), text=lambda w: w.ends_at),
        Column("checks", "Checks", value=checks_of, hide_below=1000),
        Column("state", "State", value=lambda w: w.badge_at(now()), text=lambda w: w.badge_at(now()).label),
    )
    default_order = ("-starts_at",)
    search_fields = ("name", "reason")
    search_hint = "Name or what is done"
    empty = Empty(
        "No maintenance",
        "Plan it before it begins: then nobody is woken by what you switch off yourself.",
        action=("Plan maintenance", "monitoring:maintenance-create"),
    )
    primary_action = ("Plan maintenance", "monitoring:maintenance-create", EDITS)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their checks."""
        return MaintenanceWindow.objects.prefetch_related(_CHECKS)

    def get_filters(self) -> tuple[Filter, ...]:
        """Where they stand now."""
        planned, at = Q(status=MaintenanceWindow.Status.PLANNED), now()
        where = {
            "under_way": planned & Q(starts_at__lte=at, ends_at__gt=at),
            "ahead": planned & Q(starts_at__gt=at),
            "over": planned & Q(ends_at__lte=at),
            "cancelled": Q(status=MaintenanceWindow.Status.CANCELLED),
        }
        choices = [("under_way", "Under way"), ("ahead", "Planned"), ("over", "Over"), ("cancelled", "Cancelled")]
        return (Filter("state", "State", choices=choices, where=where),)


class MaintenanceDetail(DetailScreen):
    """One window: when, of what, why."""

    permission = READ
    template_name = "monitoring/maintenance_detail.html"
    breadcrumbs = (LIST, WINDOWS)
    object: MaintenanceWindow

    def get_queryset(self) -> QuerySet[Any]:
        """With its checks."""
        return MaintenanceWindow.objects.select_related("set_by__user").prefetch_related(_CHECKS)

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """When, in words, and what may be done."""
        window, at = self.object, now()
        pending = window.status == MaintenanceWindow.Status.PLANNED and window.ends_at > at
        return super().get_context_data(
            badge=window.badge_at(at),
            starts=exact(window.starts_at),
            ends=exact(window.ends_at),
            checks=checks_of(window),
            under_way=window.starts_at <= at,
            may_edit=pending and self.request.member.can(EDITS),
            **kwargs,
        )


class MaintenanceCreate(OnceScreen):
    """Plan maintenance."""

    permission = EDITS
    form_class = MaintenanceForm
    title = "Plan maintenance"
    breadcrumbs = (LIST, WINDOWS)
    submit_label = "Plan it"
    explain = "Nobody is told of what fails in it, and its time is counted apart. It cannot be planned afterwards."
    success_message = "The maintenance is planned."

    def act(self, form: MaintenanceForm) -> MaintenanceWindow:
        """Plan it."""
        return actions.plan(actor=self.request.member, **form.facts())


class _AboutWindow(TransitionScreen, abstract=True):
    permission = EDITS
    model = MaintenanceWindow
    object: MaintenanceWindow
    verb = ""

    def refuse_over(self) -> None:
        """Raise ActionRefused when it is cancelled or over."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, WINDOWS, (self.object.name, self.object.get_absolute_url()))


class MaintenanceEdit(_AboutWindow, OnceScreen):
    """Change maintenance that is not over."""

    form_class = MaintenanceForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The maintenance is changed."

    def get_initial(self) -> dict[str, Any]:
        """What it says."""
        said = {name: getattr(self.object, name) for name in actions.WRITTEN}
        return {**said, "checks": list(self.object.checks.values_list("check_of", flat=True))}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its own checks are offered, too."""
        return {**super().get_form_kwargs(), "window": self.object}

    def act(self, form: MaintenanceForm) -> MaintenanceWindow:
        """Change it."""
        return actions.edit(self.object, actor=self.request.member, **form.facts())


class MaintenanceCancel(_AboutWindow, OnceScreen):
    """End maintenance, or cancel what has not begun."""

    form_class = OnceReasonForm
    verb = "End or cancel"
    submit_label = "End or cancel it"
    tone = "danger"
    explain = "What is under way ends now; what has not begun does not take place. It stays in the list."
    success_message = "Done: checks alarm again."

    def act(self, form: OnceReasonForm) -> MaintenanceWindow:
        """End or cancel it."""
        return actions.cancel(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
