"""The request list of an audit period, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from audit.exports import RecordsExports
from controls.models import AuditRequest, RequestProof
from controls.models.request import PENDING, WITH_TEAM
from controls.periods.current import InPeriod
from controls.requests import actions, giving
from controls.requests.forms import BulkAssignForm, DueForm, NoteForm
from controls.requests.rights import EVERYBODY, JUDGE, RAISE, RUN, may_see_all, mine, visible_to
from evidence.models import Evidence
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

Status = AuditRequest.Status
_TEAM = Q(status__in=WITH_TEAM)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is. What was withdrawn is not asked for, so it is not counted."""

    total: int
    requested: int
    in_progress: int
    submitted: int
    returned: int
    accepted: int
    overdue: int
    nobodys: int


def progress_of(rows: QuerySet[AuditRequest], today: Any) -> Progress:
    """Counts by state, in one query."""
    counts = {name: Count("pk", filter=Q(status=name)) for name in (*PENDING, Status.ACCEPTED.value)}
    late, nobodys = Count("pk", filter=_TEAM & Q(due_on__lt=today)), Count("pk", filter=_TEAM & Q(assignee=None))
    asked = rows.exclude(status=Status.WITHDRAWN).order_by()
    return Progress(**asked.aggregate(total=Count("pk"), overdue=late, nobodys=nobodys, **counts))


class RequestList(InPeriod, RecordsExports, ListScreen):
    """What the auditor asks for."""

    permission = EVERYBODY
    title = "Auditor's requests"
    template_name = "controls/request_list.html"
    noun = "requests"
    noun_one = "request"
    columns = (
        Column("reference", "Number", sort="place", link=True),
        Column("title", "What is asked for", sort="title", wide=True),
        Column("category", "Category", sort="category", hide_below=1300),
        Column("assignee.name", "With", sort="assignee__name", hide_below=1000),
        Column("due_on", "Due", sort="due_on", template="controls/cells/request_due.html", text=lambda one: one.due_on),
        Column("given", "Given", numeric=True, hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("place",)
    search_fields = ("reference", "title", "description", "assignee__name")
    search_hint = "Number, words or person"
    bulk_actions = (
        Bulk("assign", "Assign", RUN, form=BulkAssignForm),
        Bulk("due", "Set the due day", RUN, form=DueForm),
        Bulk("accept", "Accept", JUDGE, form=NoteForm, explain="Each under your name: it answers what was asked."),
    )
    primary_action = ("Ask for something", "controls:request-create", RAISE)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if may_see_all(self.request.member):
            return "What the auditor asks for, who gives it, and what the auditor says of it."
        return "What the auditor asks for and is with you."

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """A list comes as a file, or one by one."""
        member = self.request.member
        if member.can(RUN):
            why = "Bring the auditor's list as CSV or Excel, or write down what they ask for one by one."
            return Empty("Nothing is asked for yet", why, ("Import a list", "controls:request-import"), _SAMPLE)
        why = "What the auditor asks for in this audit period appears here."
        return Empty(
            "Nothing is asked for yet", why, ("Ask for something", "controls:request-create") if member.can(RAISE) else None
        )

    def rows(self) -> QuerySet[AuditRequest]:
        """Those of the period that this member may see, and those of none."""
        return visible_to(self.request.member).filter(Q(period=self.period) | Q(period=None))

    def get_queryset(self) -> QuerySet[Any]:
        """With how many things are given, and whether one of them was withdrawn."""
        linked = RequestProof.objects.filter(request=OuterRef("pk"), status=RequestProof.Status.LINKED)
        gone = linked.filter(evidence__status=Evidence.Status.WITHDRAWN)
        given = Count("proofs", filter=Q(proofs__status=RequestProof.Status.LINKED))
        return self.rows().annotate(given=given, has_withdrawn=Exists(gone))

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day, categories on the list."""
        today = self.request.organization.today()
        states = {"pending": Q(status__in=PENDING), "team": _TEAM, **{value: Q(status=value) for value in Status.values}}
        due = {
            "late": _TEAM & Q(due_on__lt=today),
            "soon": _TEAM & Q(due_on__gte=today),
            "none": _TEAM & Q(due_on=None),
        }
        whose = {"me": mine(self.request.member), "nobody": _TEAM & Q(assignee=None)}
        named = [("pending", "All not over"), ("team", "With the team"), *Status.choices]
        return (
            Filter("state", "State", choices=named, where=states),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due"), ("none", "No day")], where=due),
            Filter("whose", "With", choices=[("me", "Me"), ("nobody", "Nobody")], where=whose),
            Filter("category", "Category", choices=_categories),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How far the list is."""
        member, today = self.request.member, self.request.organization.today()
        progress = None if kwargs.get("fragment") else progress_of(self.rows(), today)
        return super().get_context_data(
            period=self.period,
            progress=progress,
            accepted_words=f"{progress.accepted} of {progress.total}" if progress else "",
            may_import=member.can(RUN),
            may_export=may_see_all(member),
            **kwargs,
        )

    def bulk_assign(self, selection: QuerySet[AuditRequest], form: BulkAssignForm) -> BulkResult:
        """Give each to somebody; whatever cannot be says why."""
        return self._each(selection, actions.assign, **form.cleaned_data)

    def bulk_due(self, selection: QuerySet[AuditRequest], form: DueForm) -> BulkResult:
        """Set the day of each."""
        return self._each(selection, actions.set_due, **form.cleaned_data)

    def bulk_accept(self, selection: QuerySet[AuditRequest], form: NoteForm) -> BulkResult:
        """Accept each under the auditor's name."""
        return self._each(selection, giving.accept, **form.cleaned_data)

    def _each(self, selection: QuerySet[AuditRequest], act: Callable[..., None], **given: Any) -> BulkResult:
        done, refused = [], {}
        for request in selection:
            try:
                act(request, actor=self.request.member, **given)
            except ActionRefused as refusal:
                refused[request.pk] = refusal.sentence
            else:
                done.append(request.pk)
        return BulkResult(done=done, refused=refused)


_SAMPLE = ("Sample file", "controls:request-sample")


def _categories(screen: RequestList) -> list[tuple[str, str]]:
    """Those of the list, by name."""
    found = screen.rows().exclude(category="").order_by("category").values_list("category", flat=True).distinct()
    return [(one, one) for one in found]
