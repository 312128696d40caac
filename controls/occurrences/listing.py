"""The list of occurrences."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from audit.exports import RecordsExports
from controls.models import AuditPeriod, Control, ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State
from controls.occurrences.actions import excuse_all
from controls.occurrences.calendar import DAY, interval_of
from controls.occurrences.horizon import YEAR
from controls.occurrences.performing import MOST
from controls.occurrences.states import EXPECTED, asked_for, badge_of, of_period, of_state, overdue
from controls.periods.current import period_of, periods_of
from controls.status.parts import Part, covered, parts_of
from ui.forms import ReasonForm
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

LONGEST = 3000  # characters of an address that every server takes


class _Uncounted(Filter):
    """A filter of many choices, whose counts would cost more than they tell."""

    counted = False


class _OneControl(_Uncounted):
    """The one control that the address names: others link here with it."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The control named, if there is one."""
        return screen.named_control()  # type: ignore[no-any-return] # of the list below


class OccurrenceList(RecordsExports, ListScreen):
    """Everything that controls are expected to do, and what came of it."""

    permission = "controls.read"
    title = "Occurrences"
    lede = "What each control is expected to do, by when, and what came of it as of today."
    noun = "occurrences"
    noun_one = "occurrence"
    template_name = "controls/occurrence_list.html"
    default_order = ("ends_on",)
    search_fields = ("control__code", "control__title", "label")
    search_hint = "Control or time"
    bulk_actions = (
        Bulk(
            "perform",
            "Perform together",
            "occurrences.perform",
            explain="Add one file or statement for all of these. They have to be of one control.",
        ),
        Bulk(
            "excuse",
            "Not applicable",
            "controls.write",
            form=ReasonForm,
            explain="They are left out of what the controls owe, each with this reason.",
        ),
    )
    empty = Empty(
        "Nothing is expected yet",
        "Occurrences follow from the frequency of each control. Add controls, and they are laid out by themselves.",
        action=("Controls", "controls:list"),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Begin with what is to be done, where there is something; "Everything" shows the rest."""
        if not request.GET and Occurrence.objects.filter(asked_for(self.today)).exists():
            return redirect(f"{request.path}?show=todo")
        return super().get(request, *args, **kwargs)

    @property
    def today(self) -> dt.date:
        """The organization's day."""
        day: dt.date = self.request.organization.today()
        return day

    def get_queryset(self) -> QuerySet[Any]:
        """All that are expected, with how many items of evidence each has."""
        linked = ControlEvidence.objects.filter(occurrence=OuterRef("pk"), status=ControlEvidence.Status.LINKED)
        count = linked.order_by().values("occurrence").annotate(n=Count("pk")).values("n")
        # Without a join, the page is read off the index that orders it, whatever the planner knows of the rows.
        controls = Prefetch("control", Control.objects.select_related("owner"))
        rows = Occurrence.objects.filter(EXPECTED).prefetch_related(controls)
        return rows.annotate(proof_count=Coalesce(Subquery(count), 0))

    def get_columns(self) -> tuple[Column, ...]:
        """The state is that of the organization's day."""
        today = self.today
        return (
            Column(
                "control", "Control", sort="control__code", value=lambda row: f"{row.control.code} {row.control.title}", link=True
            ),
            Column("label", "For", sort="ends_on"),
            Column("due_on", "Due", sort="due_on", template="controls/cells/due.html", text=lambda row: row.due_on),
            Column("state", "State", value=lambda row: badge_of(row, today)),
            Column("control.owner.name", "Owner", sort="control__owner__name", hide_below=1000),
            Column("performed_on", "Performed", sort="performed_on", hide_below=1300),
            Column("proofs", "Evidence", value=lambda row: row.proof_count, numeric=True, hide_below=1300),
        )

    def get_filters(self) -> tuple[Filter, ...]:
        """States and months depend on the day, periods on the organization."""
        today, member = self.today, self.request.member
        periods = [(str(one.pk), one) for one in periods_of(self.request)]
        months = self._months()
        show = {"todo": asked_for(today), "overdue": overdue(today), "all": Q()}
        states = {value: of_state(value, today) for value in State.values}
        whose = {"me": Q(control__owner__member=member), "nobody": Q(control__owner__isnull=True)}
        within = {key: of_period(one) for key, one in periods}
        return (
            Filter("show", "Show", choices=[("todo", "To do"), ("overdue", "Overdue"), ("all", "Everything")], where=show),
            Filter("state", "State", choices=State.choices, where=states),
            Filter("owner", "Owner", choices=[("me", "Me"), ("nobody", "Nobody")], where=whose),
            _Uncounted("period", "Audit period", choices=[(key, one.name) for key, one in periods], where=within),
            _Uncounted("month", "Month", choices=[(key, name) for key, name, _ in months], where={m[0]: m[2] for m in months}),
            self._scope(),
            _OneControl("control", "Control", choices=(), lookup="control_id"),
        )

    def _scope(self) -> Filter:
        """Those of controls in scope of the chosen period, or of a part of it."""
        period = period_of(self.request)
        if period is None:
            return _Uncounted("scope", "Scope", choices=(), where={})
        parts = self._parts(period)
        within = {key: covered(period, part) for key, part in parts.items()}
        return _Uncounted("scope", "Scope", choices=[(key, part.label) for key, part in parts.items()], where=within)

    def _parts(self, period: AuditPeriod) -> dict[str, Part]:
        if not hasattr(self, "_known_parts"):
            self._known_parts = parts_of(period)
        return self._known_parts

    def _months(self) -> list[tuple[str, str, Q]]:
        """Every month in which something may end: its key, its name, its rows. As far as occurrences are laid out."""
        periods, today = periods_of(self.request), self.today
        first = min([today - YEAR, *(one.starts_on for one in periods)])
        return _months(first, max([today + YEAR, *(one.ends_on for one in periods)]))

    def named_control(self) -> list[tuple[str, str]]:
        """The control that the address names."""
        try:
            key = uuid.UUID(self.request.GET.get("control", ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in Control.objects.filter(pk=key)]

    def bulk_perform(self, selection: QuerySet[Any], _form: None) -> HttpResponseBase:
        """On to the page where one file is added for all that are chosen."""
        rows = list(selection.values_list("control", "key")[: MOST + 1])
        if len(rows) > MOST:
            raise ActionRefused(f"At most {MOST} at once.")
        if len({control for control, _ in rows}) > 1:
            raise ActionRefused("Choose occurrences of one control: the same evidence has to show all of them.")
        chosen = urlencode([("key", key) for _, key in rows])
        if len(chosen) > LONGEST:
            raise ActionRefused("These are too many to name in one address. Choose fewer.")
        return redirect(f"{reverse('controls:occurrence-several', args=[rows[0][0]])}?{chosen}")

    def bulk_excuse(self, selection: QuerySet[Any], form: Any) -> BulkResult:
        """Set those as not applicable that are open."""
        keys = list(selection.values_list("pk", flat=True))
        done = set(excuse_all(selection, actor=self.request.member, reason=form.cleaned_data["reason"]))
        return BulkResult(done=done, refused={key: "It is not open." for key in keys if key not in done})


def _months(first: dt.date, last: dt.date) -> list[tuple[str, str, Q]]:
    found: list[tuple[str, str, Q]] = []
    while first <= last:
        month = interval_of(Cadence.MONTHLY, first)
        found.append((month.key, month.label, Q(ends_on__range=(month.first, month.last))))
        first = month.last + DAY
    return found
