"""The page on which several occurrences of one control are performed at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from controls.models import Control, Occurrence
from controls.occurrences.calendar import spelled
from controls.occurrences.forms import OF_THE_DAY, EvidenceForm
from controls.occurrences.performing import MOST, perform_all
from controls.occurrences.rights import may_work
from controls.occurrences.states import OPEN
from controls.occurrences.views import EVERYBODY, LIST, OFFERED
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from ui.forms import DateInput, TextArea
from workflow.once import OnceScreen

WORKED_ON = Occurrence.Kind.INTERVAL, Occurrence.Kind.EVENT


def performable(control: Control, today: dt.date) -> QuerySet[Occurrence]:
    """What can be performed by now, the oldest first: as many as one may at once."""
    rows = Occurrence.objects.filter(OPEN, control=control, kind__in=WORKED_ON, starts_on__lte=today)
    first = rows.order_by("due_on", "pk").values("pk")[:MOST]
    return Occurrence.objects.filter(pk__in=first).order_by("due_on", "pk")


class OccurrencesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Occurrences by what they are for and when they are due."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, row: Any) -> str:
        """The time, and the due day where that is another."""
        due = spelled(row.due_on)
        return str(row.label) if row.label == due else f"{row.label}, due {due}"


class SeveralForm(EvidenceForm):
    """Which, when, and what shows all of them."""

    occurrences = OccurrencesField(label="Which", queryset=Occurrence.objects.none())
    performed_on = forms.DateField(
        label="Performed on",
        required=False,
        widget=DateInput,
        help_text=f"Left empty, each was performed on its own last day. {OF_THE_DAY}",
    )
    statement = forms.CharField(
        label="What was done", required=False, widget=TextArea(rows=3), max_length=4000, help_text="It is said of each of them."
    )
    field_order = ("occurrences", "performed_on", "uploads", "title", "evidence", "numbers", "statement")

    def __init__(self, *args: Any, control: Control, rows: QuerySet[Occurrence], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        which: Any = self.fields["occurrences"]
        # Sent twice, they are performed by the second time: the action says so, and the page leads where the first one led.
        which.queryset = Occurrence.objects.filter(control=control)
        which.widget.choices = [(str(row.pk), which.label_from_instance(row)) for row in rows]
        self.needs_one()
        self.fields["performed_on"].widget.attrs["max"] = today.isoformat()


class OccurrenceSeveral(OnceScreen):
    """One file or statement for several occurrences of a control."""

    permission = EVERYBODY
    model = Control
    form_class = SeveralForm
    object: Control
    submit_label = "Perform them"
    explain = "What you add is kept once and stands for each that is ticked; each has its own line in the audit trail."

    def get_queryset(self) -> QuerySet[Any]:
        """With its owner."""
        return Control.objects.select_related("owner")

    def load(self) -> None:
        """For who works on the control; others do not learn that it is there."""
        super().load()
        if not may_work(self.request.member, self.object):
            if self.request.member.can("controls.read"):
                raise PermissionDenied
            raise Http404

    def get_title(self) -> str:
        """Of which control."""
        return f"Perform several of {self.object.code}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list, or to what waits for somebody who has no list."""
        if self.request.member.can("controls.read"):
            return (LIST, (self.object.code, self.object.get_absolute_url()))
        return (("My work", "home:work"),)

    def get_initial(self) -> dict[str, Any]:
        """Those named in the address by their keys, or what is late and due."""
        rows, asked = performable(self.object, self._today), self.request.GET.getlist("key")
        chosen = rows.filter(key__in=asked[:MOST]) if asked else rows.filter(due_on__lt=self._today)
        return {"occurrences": [str(pk) for pk in chosen.values_list("pk", flat=True)]}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What can be performed, and evidence to choose from."""
        items = None
        if self.request.member.can("evidence.read"):
            items = evidence_seen_by(self.request.member).filter(status=Evidence.Status.CURRENT)
        rows = performable(self.object, self._today)
        return {
            **super().get_form_kwargs(),
            "control": self.object,
            "rows": rows,
            "today": self._today,
            "items": items,
            "offered": OFFERED,
        }

    @property
    def _today(self) -> dt.date:
        day: dt.date = self.request.organization.today()
        return day

    def act(self, form: SeveralForm) -> Occurrence:
        """Perform them, and show the last."""
        done = perform_all(self.object, actor=self.request.member, **form.facts())
        self.success_message = f"{len(done)} are performed, with the same evidence." if len(done) > 1 else "It is performed."
        return done[-1]
