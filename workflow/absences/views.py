"""Out of office: the list, one absence, and setting, changing and ending it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from accounts.permissions import HOME
from audit.exports import RecordsExports
from ui.components import Badge
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from ui.values import spelled
from workflow.absences import actions
from workflow.absences.forms import AbsenceForm, NewAbsenceForm
from workflow.absences.standing import in_force
from workflow.models import Absence
from workflow.once import OnceScreen

LIST = ("Out of office", "workflow:absence-list")


def visible_to(member: Member) -> QuerySet[Absence]:
    """One's own, those in which one stands in, and everybody's for those who look after the team."""
    everything = Absence.objects.select_related("member__user", "member__organization", "deputy__user")
    return everything if member.can(actions.FOR_OTHERS) else everything.filter(Q(member=member) | Q(deputy=member))


def state_badge(absence: Absence) -> Badge:
    """Where it stands today."""
    today = absence.member.organization.today()
    if absence.status == Absence.Status.ENDED:
        return Badge("Ended early", "muted")
    if absence.ends_on < today:
        return Badge("Over", "muted")
    return Badge("Away now", "info") if absence.starts_on <= today else Badge("To come", "muted")


class AbsenceList(RecordsExports, ListScreen):
    """Who is away when, and who stands in."""

    permission = HOME
    title = "Out of office"
    lede = (
        "While somebody is away, their deputy sees what waits for them, and does it in their own name and with their own rights."
    )
    noun = "absences"
    noun_one = "absence"
    columns = (
        Column("member.name", "Away", sort="member__user__name", link=True),
        Column("starts_on", "From", sort="starts_on"),
        Column("ends_on", "Last day", sort="ends_on"),
        Column("deputy.name", "Deputy", sort="deputy__user__name"),
        Column("state", "State", value=state_badge),
        Column("note", "Note", hide_below=1000),
    )
    default_order = ("-starts_on",)
    search_fields = ("member__user__name", "deputy__user__name")
    search_hint = "Name"
    primary_action = ("Say when you are away", "workflow:absence-create", HOME)
    empty = Empty(
        "Nobody is noted as away",
        "Say from when to when you are away and who stands in: what waits for you then stands in their work too.",
        action=("Say when you are away", "workflow:absence-create"),
    )

    def get_filters(self) -> Sequence[Filter]:
        """By today's state."""
        today = self.request.organization.today()
        meant = Q(status=Absence.Status.SET)
        where = {
            "now": in_force(today),
            "coming": meant & Q(starts_on__gt=today),
            "over": ~meant | Q(ends_on__lt=today),
        }
        labels = [("now", "Away now"), ("coming", "To come"), ("over", "Over")]
        return (Filter("state", "State", choices=labels, where=where),)

    def get_queryset(self) -> QuerySet[Absence]:
        """What this member may see."""
        return visible_to(self.request.member)


class AbsenceDetail(DetailScreen):
    """One absence."""

    permission = HOME
    template_name = "workflow/absence.html"
    breadcrumbs = (LIST,)
    object: Absence

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether this member may change it."""
        changes = actions.may_set(self.request.member, self.object.member_id) and not actions.is_over(self.object)
        return super().get_context_data(**kwargs, may_change=changes, badge=state_badge(self.object))


class AbsenceCreate(OnceScreen):
    """Say that somebody is away, and who stands in."""

    permission = HOME
    form_class = NewAbsenceForm
    title = "Out of office"
    submit_label = "Save the absence"
    breadcrumbs = (LIST,)
    success_message = "The absence is noted, and the deputy is told."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who look after the team choose who is away."""
        return {**super().get_form_kwargs(), "for_others": self.request.member.can(actions.FOR_OTHERS)}

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"starts_on": self.request.organization.today(), "member": self.request.member.pk}

    def act(self, form: NewAbsenceForm) -> Absence:
        """Note it."""
        given = dict(form.cleaned_data)
        member = given.pop("member", None) or self.request.member
        return actions.set_absence(actor=self.request.member, member=member, **given)


class AbsenceEdit(FormScreen):
    """Change the days, the deputy or the note."""

    permission = HOME
    form_class = AbsenceForm
    model = Absence
    submit_label = "Save the absence"
    success_message = "The absence was changed."
    object: Absence

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Nobody sees a form for what is over, or not theirs to change."""
        super().load()
        if not actions.may_set(self.request.member, self.object.member_id):
            raise ActionRefused(f"{self.object.member.name} or an administrator or compliance manager changes it.")

    def get_title(self) -> str:
        """Whose."""
        return f"Change the absence of {self.object.member.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (spelled(self.object.starts_on), self.object.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in AbsenceForm.base_fields}

    def act(self, form: AbsenceForm) -> Absence:
        """Change it."""
        return actions.change_absence(self.object, actor=self.request.member, **form.cleaned_data)


@screen(HOME, methods=["POST"])
def end(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """They are back."""
    absence = get_object_or_404(visible_to(request.member), pk=pk)
    actions.end_absence(absence, actor=request.member)
    messages.success(request, "The absence has ended. Nobody stands in any more.")
    return redirect(absence)
