"""One occurrence: what is asked, what was supplied last time, and the form that answers."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.models import Member
from controls.evidence import proofs_seen_by
from controls.findings.rights import raised_about
from controls.models import Control, ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State
from controls.occurrences import actions, forms
from controls.occurrences.configuration import record_configuration_change
from controls.occurrences.feeds import covered_by
from controls.occurrences.guidance import collected_late, next_step
from controls.occurrences.rights import may_work, visible_to
from controls.occurrences.states import asked_for, badge_of
from controls.testing.independence import may_test
from evidence import downloads
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from ui.screens import ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.transitions import Transition

# Whoever owns a control may see and do what it asks, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"
LIST = ("Occurrences", "controls:occurrence-list")
OFFERED = 12  # items of evidence to choose from
OTHERS = 5  # of the same control that wait too


class OccurrenceScreen(OnceScreen, abstract=True):
    """A form about one occurrence that the member may see."""

    permission = EVERYBODY
    model = Occurrence
    object: Occurrence

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        related = ("control__owner", "performed_by__user", "stated_by__user")
        return visible_to(self.request.member).select_related(*related)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list, or to what waits for somebody who has no list."""
        return (LIST,) if self.request.member.can("controls.read") else (("My work", "home:work"),)

    @property
    def workable(self) -> bool:
        """Whether this member may act on it."""
        return may_work(self.request.member, self.object.control)


def _choice(occurrence: Occurrence, member: Member) -> dict[str, Any]:
    """What a form offers: current items collected since it began that are not linked to it yet; none to who sees none."""
    if not member.can("evidence.read"):
        return {}
    fresh = evidence_seen_by(member).filter(status=Evidence.Status.CURRENT, collected_at__date__gte=occurrence.starts_on)
    linked = ControlEvidence.objects.filter(occurrence=occurrence, status=ControlEvidence.Status.LINKED)
    return {"items": fresh.exclude(pk__in=linked.values("evidence")), "offered": OFFERED}


class OccurrencePage(OccurrenceScreen):
    """The page of one occurrence; its form performs it."""

    template_name = "controls/occurrence_detail.html"
    form_class = forms.PerformForm
    success_message = "It is performed, with its evidence."

    def get_title(self) -> str:
        """Control and time."""
        return str(self.object)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only who may work on it sends this form."""
        self.load()
        if not self.workable:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The days it can have been done on, and evidence to choose from."""
        today = self.request.organization.today()
        first = self.object.starts_on
        return {**super().get_form_kwargs(), "first": first, "today": today, **_choice(self.object, self.request.member)}

    def act(self, form: forms.PerformForm) -> Occurrence:
        """Perform it."""
        return actions.perform(self.object, actor=self.request.member, **form.facts())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where it stands, what may be done, and what there is of evidence."""
        row, member, today = self.object, self.request.member, self.request.organization.today()
        tone, sentence = next_step(row, today)
        open_and_mine = self.workable and row.status == Occurrence.Status.OPEN
        return super().get_context_data(
            object=row,
            state=badge_of(row, today),
            next_tone=tone,
            next_step=sentence,
            proofs=(proofs := proofs_of(row, member)),
            collected_late=collected_late(row, proofs, self.request.organization),
            coverage=covered_by(row),
            last=last_time(row, member),
            others=others_waiting(row, today) if self.workable else [],
            may_several=row.kind in {Occurrence.Kind.INTERVAL, Occurrence.Kind.EVENT},
            may_change=self.workable and row.control.cadence == Cadence.CONTINUOUS,
            may_test=row.kind == Occurrence.Kind.CONFIGURATION
            and row.status == Occurrence.Status.OPEN
            and may_test(member, row.control),
            may_read_controls=member.can("controls.read"),
            may_read_evidence=member.can("evidence.read"),
            may_download=self.workable or member.can("evidence.read"),
            may_perform=open_and_mine and row.starts_on <= today and not actions.why_not_performed(row),
            why_not_performed=actions.why_not_performed(row) if open_and_mine else "",
            may_state=open_and_mine and not actions.why_not_stated(row, today),
            may_excuse=Occurrence.EXCUSE.allows(row, member),
            may_supply=self.workable and row.status == Occurrence.Status.PERFORMED and row.kind != Occurrence.Kind.CONFIGURATION,
            may_reopen=self.workable and _can_reopen(row, member),
            may_raise=member.can("findings.write") and _fell_short(row, today),
            findings=raised_about(member, row),
            **kwargs,
        )


class _Act(OccurrenceScreen, abstract=True):
    """A form of its own about one occurrence."""

    transition: Transition | None = None
    verb = ""

    def load(self) -> None:
        """No form for those who may not send it, nor where there is nothing to do."""
        super().load()
        if not self.allowed():
            raise PermissionDenied
        if self.transition is not None and self.request.method != "POST":
            self.transition.check(self.object)

    def allowed(self) -> bool:
        """Whether this member may do it."""
        return self.workable

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb}: {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the occurrence."""
        return (*super().get_breadcrumbs(), (str(self.object), self.object.get_absolute_url()))


class OccurrenceSupply(_Act):
    """More evidence for what was performed."""

    form_class = forms.EvidenceForm
    verb = "Add evidence"
    submit_label = "Add the evidence"
    success_message = "The evidence was added."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With evidence to choose from."""
        return {**super().get_form_kwargs(), **_choice(self.object, self.request.member)}

    def act(self, form: forms.EvidenceForm) -> Occurrence:
        """Add it."""
        return actions.supply(self.object, actor=self.request.member, **form.facts())


class OccurrenceNothing(_Act):
    """Nothing occurred."""

    transition = Occurrence.NOTHING
    form_class = forms.StatementForm
    verb = "Nothing occurred"
    submit_label = "State it under my name"
    explain = "It counts as “did not occur”, which is neither a pass nor a failure. An auditor reads your statement."
    success_message = "Your statement is kept with today's date."

    def act(self, form: forms.StatementForm) -> Occurrence:
        """State it."""
        return actions.did_not_occur(self.object, actor=self.request.member, **form.cleaned_data)


class OccurrenceExcuse(_Act):
    """Not applicable."""

    transition = Occurrence.EXCUSE
    form_class = OnceReasonForm
    verb = "Not applicable"
    submit_label = "Set as not applicable"
    explain = "It is left out of what the control owes, with your reason. An auditor sees both."
    success_message = "It is set as not applicable."

    def allowed(self) -> bool:
        """By role only."""
        return bool(self.request.member.can(Occurrence.EXCUSE.permission))

    def act(self, form: OnceReasonForm) -> Occurrence:
        """Excuse it."""
        return actions.not_applicable(self.object, actor=self.request.member, **form.cleaned_data)


class OccurrenceReopen(_Act):
    """Take back what was said."""

    transition = Occurrence.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "It waits again, and may count as late or missed. What was said stays in the audit trail."
    success_message = "It is open again."

    def act(self, form: OnceReasonForm) -> Occurrence:
        """Reopen it."""
        return actions.reopen(self.object, actor=self.request.member, **form.cleaned_data)


class ConfigurationChange(OnceScreen):
    """A continuous control's configuration was changed: a test is due after it."""

    permission = EVERYBODY
    model = Control
    form_class = forms.ChangeForm
    object: Control
    submit_label = "Note the change"
    explain = "A test of the configuration is then due within 30 days of the change."
    success_message = "The change is noted, and a test is due after it."

    def get_queryset(self) -> QuerySet[Any]:
        """The controls in service."""
        return Control.objects.filter(status=Control.Status.ACTIVE).select_related("owner")

    def load(self) -> None:
        """For who works on the control; others do not learn that it is there."""
        super().load()
        if not may_work(self.request.member, self.object):
            if self.request.member.can("controls.read"):
                raise PermissionDenied
            raise Http404

    def get_title(self) -> str:
        """Of which control."""
        return f"Change of the configuration: {self.object.code}"

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": self.request.organization.today()}

    def act(self, form: forms.ChangeForm) -> Occurrence:
        """Note it."""
        return record_configuration_change(self.object, actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
    """A file of this occurrence, or of an earlier one of the control, for who works on it or reads evidence."""
    row = get_object_or_404(visible_to(request.member).select_related("control__owner"), pk=pk)
    return serve(request.member, row, evidence)


def serve(member: Any, row: Occurrence, evidence: UUID) -> HttpResponseBase:
    """The file of an item. Load the control's owner with the row. Raises PermissionDenied, Http404."""
    if not (may_work(member, row.control) or member.can("evidence.read")):
        raise PermissionDenied
    proofs = proofs_seen_by(member).filter(control=row.control_id, evidence=evidence, occurrence__isnull=False)
    proof = proofs.filter(status=ControlEvidence.Status.LINKED).select_related("evidence__file").first()
    if proof is None:
        raise Http404
    return downloads.take_away(proof.evidence.file, actor=member, evidence=proof.evidence)


def proofs_of(row: Occurrence, member: Any) -> list[ControlEvidence]:
    """What is linked to it that this member may see, with file and who linked it."""
    linked = proofs_seen_by(member).filter(occurrence=row, status=ControlEvidence.Status.LINKED)
    return list(linked.select_related("evidence__file", "linked_by__user").order_by("linked_at"))


def last_time(row: Occurrence, member: Any) -> dict[str, Any] | None:
    """The last occurrence of the control that was performed before this one, with its evidence."""
    earlier = Occurrence.objects.filter(control=row.control_id, status=Occurrence.Status.PERFORMED, ends_on__lte=row.ends_on)
    last = earlier.exclude(pk=row.pk).select_related("control", "performed_by__user").order_by("-ends_on", "-pk").first()
    return {"row": last, "proofs": proofs_of(last, member)} if last else None


def others_waiting(row: Occurrence, today: dt.date) -> list[Occurrence]:
    """The next few of the same control that are asked for."""
    same = Occurrence.objects.filter(asked_for(today), control=row.control_id).exclude(pk=row.pk)
    return list(same.select_related("control").order_by("due_on", "pk")[:OTHERS])


def _fell_short(row: Occurrence, today: dt.date) -> bool:
    return row.status != Occurrence.Status.WITHDRAWN and row.state_on(today) in {State.LATE, State.MISSED}


def _can_reopen(row: Occurrence, member: Any) -> bool:
    if row.kind == Occurrence.Kind.CONFIGURATION or row.status not in Occurrence.REOPEN.sources:
        return False
    return row.status != Occurrence.Status.NOT_APPLICABLE or bool(member.can(Occurrence.EXCUSE.permission))
