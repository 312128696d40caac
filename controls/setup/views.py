"""The screens of the first hour."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView

from controls.catalogue.adopting import adopted_keys
from controls.catalogue.cadences import in_words
from controls.criteria import Category
from controls.library import GROUPS, StarterControl
from controls.library.questions import Proposal, adopted, proposal
from controls.models import AuditPeriod
from controls.occurrences.calendar import first_fair_day
from controls.periods.current import period_of, periods_of, usual
from controls.setup.actions import Made, Plan, set_up
from controls.setup.done import begins, due_first, figures, next_steps
from controls.setup.draft import NEW, Draft
from controls.setup.forms import ControlsForm, QuestionsForm, ScopeForm
from controls.setup.owners import Roster, roles_of
from controls.setup.proposing import proposed
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.base import Screen, authorise
from workflow.once import OnceScreen

CRUMBS = (("Controls", "controls:list"),)
STEPS = (
    ("Ten questions", "controls:setup-questions"),
    ("Your audit", "controls:setup-scope"),
    ("Controls and owners", "controls:setup-controls"),
)


PEOPLE = {"roster": "inventory:roster-upload", "person": "inventory:person-create"}


class Step(FormScreen, abstract=True):
    """One page of the set-up."""

    permission = "controls.write"
    breadcrumbs = CRUMBS
    number = 1

    @cached_property
    def draft(self) -> Draft:
        """What was answered so far."""
        return Draft(self.request)

    @cached_property
    def open_periods(self) -> list[AuditPeriod]:
        """Those one may set up for."""
        return [one for one in periods_of(self.request) if one.status == AuditPeriod.Status.OPEN]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where one is."""
        steps = [(name, url, place - self.number) for place, (name, url) in enumerate(STEPS, 1)]
        return super().get_context_data(steps=steps, **kwargs)


class Questions(Step):
    """The ten questions."""

    form_class = QuestionsForm
    template_name = "controls/setup_questions.html"
    title = "Set up your controls"
    lede = "Ten questions, a few minutes. Nothing is written before the last page, and what you answer is kept if you leave."
    submit_label = "See what fits"

    def get_initial(self) -> dict[str, Any]:
        """What was answered before."""
        return self.draft.initial()

    def act(self, form: Any) -> str:
        """Keep them."""
        self.draft.keep_answers(dict(form.data.lists()))
        return "controls:setup-scope"


@screen("controls.write", methods=["POST"])
def keep(request: ScreenRequest) -> HttpResponse:
    """Keep the answers given so far; the page sends them as they change."""
    Draft(request).keep_answers(dict(request.POST.lists()))
    return HttpResponse(status=204)


class Scope(Step):
    """Which audit."""

    form_class = ScopeForm
    template_name = "controls/setup_scope.html"
    title = "Your audit"
    lede = "What your answers suggest. Change what you know better; all of it can be changed later."
    submit_label = "Choose the controls"
    number = 2

    @cached_property
    def proposal(self) -> Proposal:
        """What the answers suggest."""
        return proposal(self.draft.as_answers())

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not before the questions."""
        return super().get(request, *args, **kwargs) if self.draft.begun else redirect("controls:setup-questions")

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is proposed, and the periods there are."""
        return {**super().get_form_kwargs(), "proposal": self.proposal, "periods": self.open_periods}

    def get_initial(self) -> dict[str, Any]:
        """What was said before, or what is proposed."""
        today = self.request.organization.today()
        present = usual(self.open_periods, today)
        fresh = {
            **proposed(self.proposal, today),
            "in_scope_since": first_fair_day(today),
            "period": str(present.pk) if present else NEW,
        }
        kept = {name: value if name == "categories" else "".join(value) for name, value in self.draft.scope.items()}
        return fresh | kept

    def act(self, form: ScopeForm) -> str:
        """Keep it."""
        self.draft.keep_scope(form.given())
        return "controls:setup-controls"


class Controls(Step, OnceScreen):
    """Which controls, and who owns them: the page that does it."""

    form_class = ControlsForm
    template_name = "controls/setup_controls.html"
    title = "Controls and owners"
    submit_label = "Set up"
    number = 3
    scope: ScopeForm

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Not before the other two."""
        authorise(request, self.permission)
        self.scope = ScopeForm(self.draft.scope_data(), proposal=proposal(self.draft.as_answers()), periods=self.open_periods)
        if not (self.draft.begun and self.scope.is_valid()):
            return redirect("controls:setup-scope" if self.draft.begun else "controls:setup-questions")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def fitting(self) -> list[StarterControl]:
        """The controls that answers and categories call for."""
        return adopted(self.draft.as_answers(), self.scope.categories_in_scope)

    @cached_property
    def present(self) -> set[str]:
        """What was adopted before."""
        return adopted_keys()

    @cached_property
    def roster(self) -> Roster:
        """Who could own them."""
        return Roster.of(self.request.member)

    @property
    def alone(self) -> bool:
        """Whether nobody else is on the roster, and the member may bring people in."""
        return self.roster.is_empty and self.request.member.can("people.write")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The roles of what is lacking, and the roster."""
        lacking = [one for one in self.fitting if one.key not in self.present]
        member = self.request.member
        return {**super().get_form_kwargs(), "roles": roles_of(lacking), "roster": self.roster, "member": member}

    def get_initial(self) -> dict[str, Any]:
        """All of them, or those chosen before one left."""
        kept = self.draft.choice.get("keys")
        return {"keys": [one.key for one in self.fitting if kept is None or one.key in kept]}

    def get_form(self, form_class: Any = None) -> ControlsForm:
        """With the owners chosen before one left."""
        form = cast("ControlsForm", super().get_form(form_class))
        form.take_up(self.draft.choice)
        return form

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Set it up; or keep everything as it stands and bring in people first."""
        if way := PEOPLE.get(request.POST.get("people", "")):
            self.draft.keep_choice(self.get_form().chosen_so_far())
            messages.info(request, "What you chose is kept. Home leads back to the set-up.")
            return redirect(way)
        return super().post(request, *args, **kwargs)

    def act(self, form: ControlsForm) -> str:
        """Set it up."""
        scope = self.scope
        plan = Plan(
            keys=form.cleaned_data["keys"],
            in_scope_since=scope.since,
            period=scope.chosen,
            new_period=scope.new_period,
            owners=form.owners(),
        )
        made = set_up(plan, actor=self.request.member)
        messages.success(self.request, said(made))
        return f"{reverse('controls:setup-done')}?period={made.period.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The controls by group, and what was decided before."""
        context = super().get_context_data(**kwargs)
        chosen = set(context["form"]["keys"].value() or [])
        present = [one.key for one in self.fitting if one.key in self.present]
        return {
            **context,
            "groups": list(_by_group(self.fitting, self.present, chosen)),
            "total": len(self.fitting),
            "lacking": len(self.fitting) - len(present),
            "present_keys": present,
            "period": self.scope.chosen or self.scope.new_period,
            "since": self.scope.since,
            "alone": self.alone,
            "may_people": self.request.member.can("people.write"),
            "categories": [Category(value).label for value in self.scope.categories_in_scope],
        }


def _by_group(fitting: list[StarterControl], present: set[str], chosen: set[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each group that has any, with a row for each of its controls."""
    for name, starters in GROUPS.items():
        rows = [
            {"starter": one, "frequency": in_words(one), "present": one.key in present, "chosen": one.key in chosen}
            for one in starters
            if one in fitting
        ]
        if rows:
            yield name, rows


def said(made: Made) -> str:
    """What was done, in a sentence or two."""
    if not (made.adopted or made.is_new):
        return "All of this was set up before: nothing was changed."
    parts = [f"{made.period} was added as audit period." if made.is_new else f"{made.period} stays as it is."]
    if count := len(made.adopted):
        parts.append(f"{count} control{' was' if count == 1 else 's were'} adopted.")
    if made.present:
        parts.append(f"{made.present} {'was' if made.present == 1 else 'were'} there before and stayed as they are.")
    return " ".join(parts)


class Done(Screen, TemplateView):
    """What was set up, what falls due first, and what to do next."""

    permission = "controls.write"
    title = "Your controls are set up"
    template_name = "controls/setup_done.html"
    breadcrumbs = CRUMBS

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Not before there is something to show."""
        self.period = period_of(request)
        if self.period is None:
            return redirect("controls:setup-questions")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures, the first that falls due, three steps."""
        tiles = figures(self.period) if self.period else []
        return super().get_context_data(
            **self.frame(),
            period=self.period,
            figures=tiles,
            due=due_first(),
            begins=begins(self.request.organization.today()),
            next_steps=next_steps(any(tile.tone and tile.label == "Without an owner" for tile in tiles)),
            **kwargs,
        )
