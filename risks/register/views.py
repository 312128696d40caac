"""Screens of one risk."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from risks.models import STEPS, Risk, RiskControl
from risks.register import actions, forms, treating
from risks.register.guidance import is_outdated, next_step
from risks.rights import EVERYBODY, WRITE, may_work, visible_to, why_not_accept
from risks.scales.standing import scale_in_force
from risks.tasks.actions import endable
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Risks", "risks:list")


class RiskDetail(DetailScreen):
    """One risk: what could happen, how it is rated and why, what is done about it, and what was said before."""

    permission = EVERYBODY
    template_name = "risks/risk_detail.html"
    breadcrumbs = (LIST,)
    object: Risk

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("accepted_by__user", "rated_by__user", "owner__member")

    def get_title(self) -> str:
        """Its number."""
        return self.object.reference

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        risk, member = self.object, self.request.member
        scale, today = scale_in_force(), self.request.organization.today()
        tasks = list(risk.tasks.select_related("owner"))
        controls = list(RiskControl.objects.filter(risk=risk).select_related("control"))
        tone, sentence = next_step(risk, tasks, scale, today)
        works, pending = may_work(member, risk.owner), not risk.is_over
        is_open, ends = risk.status == Risk.Status.OPEN, endable(member, tasks, works=works)
        lower = risk.residual and risk.inherent and risk.residual.score < risk.inherent.score
        return super().get_context_data(
            next_tone=tone,
            next_step=sentence,
            kinds=[(name, rated) for name, rated in _kinds(risk) if rated],
            outdated=is_outdated(risk, scale),
            controls=controls,
            unexplained=bool(lower and not controls),
            tasks=[(task, task.pk in ends) for task in tasks],
            ratings=list(risk.ratings.select_related("scale", "rated_by__user")),
            may_see_controls=member.can("controls.read"),
            may_edit=works and pending,
            may_rate=works and pending,
            may_treat=works and is_open and risk.is_rated,
            may_accept=Risk.ACCEPT.allows(risk, member) and risk.is_rated and not why_not_accept(member, risk),
            mark=treating.mark_of(risk, [row.control.code for row in controls]),
            may_lapse=risk.status == Risk.Status.ACCEPTED and treating.may_end(member),
            may_close=Risk.CLOSE.allows(risk, member),
            may_reopen=Risk.REOPEN.allows(risk, member),
            **kwargs,
        )


def _kinds(risk: Risk) -> list[tuple[str, Any]]:
    return [("Without controls", risk.inherent), ("With the controls", risk.residual), ("Target", risk.target)]


class RiskCreate(OnceScreen):
    """Put a risk into the register."""

    permission = WRITE
    form_class = forms.RiskForm
    title = "New risk"
    breadcrumbs = (LIST,)
    submit_label = "Add the risk"
    explain = "Whoever it is with is told, and rates it next: how likely and how bad it is before and after controls."
    success_message = "The risk is in the register. Rate it next."

    def act(self, form: forms.RiskForm) -> Risk:
        """Add it."""
        return actions.raise_risk(actor=self.request.member, **form.cleaned_data)


class AboutRisk(TransitionScreen, abstract=True):
    """A form about one risk that the member may see."""

    permission = EVERYBODY
    model = Risk
    object: Risk
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def allowed(self) -> bool:
        """Whether this member may do it to this one."""
        return may_work(self.request.member, self.object.owner)

    def refuse_over(self) -> None:
        """Raise ActionRefused for one that is closed."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class RiskEdit(AboutRisk, OnceScreen):
    """Change what is said of it."""

    form_class = forms.RiskForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The risk was changed."

    @property
    def explain(self) -> str:  # type: ignore[override]
        """What a change ends."""
        is_accepted = self.object.status == Risk.Status.ACCEPTED
        return "Its acceptance ends when what could happen, its category or its controls change." if is_accepted else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "risk": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        there = [row.control for row in RiskControl.objects.filter(risk=self.object).select_related("control")]
        return {**{name: getattr(self.object, name) for name in actions.TEXTS}, "controls": there}

    def act(self, form: forms.RiskForm) -> Risk | str:
        """Change it; who gave their only right away goes back to the list."""
        changed = actions.edit_risk(self.object, actor=self.request.member, **form.cleaned_data)
        return changed if visible_to(self.request.member).filter(pk=changed.pk).exists() else "risks:list"


class RiskRate(AboutRisk, OnceScreen):
    """Say how likely and how bad it is; that is its review, too."""

    form_class = forms.RateForm
    verb = "Rate"
    submit_label = "Keep the rating"
    explain = (
        "This is its review, too, also where nothing has changed. Every rating stays, with the scale and the controls of its day."
    )
    success_message = "The rating is kept."

    def get_form_kwargs(self) -> dict[str, Any]:
        """In the words of the scale in force."""
        return {**super().get_form_kwargs(), "scale": scale_in_force()}

    def get_initial(self) -> dict[str, Any]:
        """As it was rated last, where that was on a scale that means the same."""
        if not self.object.is_rated or is_outdated(self.object, scale_in_force()):
            return {}
        return {name: getattr(self.object, name) or "" for name in STEPS}

    def act(self, form: forms.RateForm) -> Risk:
        """Keep it."""
        actions.rate_risk(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RiskTreat(AboutRisk, OnceScreen):
    """Choose what is done about it."""

    form_class = forms.TreatForm
    verb = "Treat"
    submit_label = "Choose it"
    explain = "What is to be done for it is followed as tasks with their days."
    success_message = "The treatment was chosen."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"treatment": self.object.treatment, "plan": self.object.plan}

    def act(self, form: forms.TreatForm) -> Risk:
        """Choose it."""
        return treating.treat(self.object, actor=self.request.member, **form.cleaned_data)


class RiskAccept(AboutRisk, OnceScreen):
    """Accept by name that it stays."""

    transition = Risk.ACCEPT
    form_class = forms.AcceptForm
    verb = "Accept"
    submit_label = "Accept under my name"
    tone = "danger"
    explain = "It stays as it is rated now, under your name, for this reason and until this day."
    success_message = "It is accepted under your name."

    def allowed(self) -> bool:
        """By role only."""
        return bool(self.request.member.can(Risk.ACCEPT.permission))

    def check(self) -> None:
        """Refuse whom it is with, and what is not what was seen, in words."""
        super().check()
        if refusal := why_not_accept(self.request.member, self.object):
            raise ActionRefused(refusal)
        if self.get_initial()["seen"] != treating.mark_of(self.object):
            raise ActionRefused(treating.OTHERWISE)

    def get_initial(self) -> dict[str, Any]:
        """The mark of the page from which this was opened."""
        return {"seen": self.request.GET.get("seen") or treating.mark_of(self.object)}

    def act(self, form: forms.AcceptForm) -> Risk:
        """Accept it."""
        return treating.accept(self.object, actor=self.request.member, **form.cleaned_data)


class RiskLapse(AboutRisk, OnceScreen):
    """End an acceptance."""

    transition = Risk.LAPSE
    form_class = OnceReasonForm
    verb = "End the acceptance of"
    submit_label = "Open it again"
    explain = "It is reviewed at once, and treated or accepted anew."
    success_message = "It is open again."

    def allowed(self) -> bool:
        """By role only."""
        return treating.may_end(self.request.member)

    def act(self, form: OnceReasonForm) -> Risk:
        """Open it."""
        return treating.lapse(self.object, actor=self.request.member, **form.cleaned_data)


class RiskClose(AboutRisk, OnceScreen):
    """Close it."""

    permission = WRITE
    transition = Risk.CLOSE
    form_class = OnceReasonForm
    verb = "Close"
    submit_label = "Close it"
    explain = "For what cannot happen any more, or is part of another. It stays in the register, with all that was said of it."
    success_message = "The risk is closed."

    def act(self, form: OnceReasonForm) -> Risk:
        """Close it."""
        return treating.close(self.object, actor=self.request.member, **form.cleaned_data)


class RiskReopen(AboutRisk, OnceScreen):
    """Open it again."""

    permission = WRITE
    transition = Risk.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "Its review is due at once."
    success_message = "It is open again."

    def act(self, form: OnceReasonForm) -> Risk:
        """Open it."""
        return treating.reopen(self.object, actor=self.request.member, **form.cleaned_data)
