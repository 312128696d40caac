"""Screens of one vulnerability."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.roles import words_for
from controls.models import Finding
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from vulnerabilities.handling import actions, forms, retesting
from vulnerabilities.handling.guidance import next_step
from vulnerabilities.models import Sighting, Vulnerability
from vulnerabilities.rights import EVERYBODY, READ, WRITE, may_work, visible_to, why_not_independent
from workflow.accepting import AcceptScreen, LapseScreen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Vulnerabilities", "vulnerabilities:list")
SHOWN = 20


class VulnerabilityDetail(DetailScreen):
    """One vulnerability: what it is, where, who fixes it by when, and in which scans it was."""

    permission = EVERYBODY
    template_name = "vulnerabilities/vulnerability_detail.html"
    breadcrumbs = (LIST,)
    object: Vulnerability

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        people = ("accepted_by__user", "handed_in_by__user", "retested_by__user")
        return visible_to(self.request.member).select_related("finding", "scope__system", "engagement__system", *people)

    def get_title(self) -> str:
        """Number and what it is known as."""
        return f"{self.object.reference}: {self.object.identifier}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        one, member = self.object, self.request.member
        tone, sentence = next_step(one, self.request.organization.today())
        works, pending, is_open = may_work(member, one), one.is_pending, one.status == Vulnerability.Status.OPEN
        sightings = Sighting.objects.filter(vulnerability=one).select_related("scan").order_by("-scan__ran_at")
        judges = is_open and member.can(Vulnerability.ACCEPT.permission)
        not_independent = why_not_independent(member, one, retests=False) if judges else ""
        return super().get_context_data(
            next_tone=tone,
            next_step=sentence,
            sightings=list(sightings[:SHOWN]) if member.can(READ) else [],
            may_read=member.can(READ),
            may_see_finding=member.can("findings.read"),
            may_hand_on=works and is_open,
            may_rate=pending and member.can(WRITE),
            may_accept=judges and not not_independent,
            accepters="" if not is_open or (judges and not not_independent) else words_for(Vulnerability.ACCEPT.permission),
            not_independent=not_independent,
            may_lapse=Vulnerability.LAPSE.allows(one, member),
            may_raise=pending and not one.finding_id and member.can("findings.write"),
            may_hand_in=works and is_open and bool(one.engagement_id),
            may_retest=Vulnerability.PASS.allows(one, member) and not why_not_independent(member, one, retests=True),
            may_reopen=bool(one.engagement_id) and Vulnerability.REOPEN.allows(one, member),
            **kwargs,
        )


class AboutVulnerability(TransitionScreen, abstract=True):
    """A form about one vulnerability that the member may see."""

    permission = EVERYBODY
    model = Vulnerability
    object: Vulnerability
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def allowed(self) -> bool:
        """Whether this member may do it to this one."""
        return may_work(self.request.member, self.object)

    def refuse_over(self) -> None:
        """Raise ActionRefused when nobody has to work on it any more."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutVulnerability, OnceScreen, abstract=True):
    """A form that does something once to one vulnerability."""


class VulnerabilityHandOn(Act):
    """Give it to somebody else."""

    form_class = forms.HandOnForm
    verb = "Hand on"
    submit_label = "Hand it on"
    success_message = "It is with somebody else now."

    def act(self, form: forms.HandOnForm) -> str:
        """Hand it on; who gave their only right away goes back to the list."""
        actions.hand_on(self.object, actor=self.request.member, **form.cleaned_data)
        seen = visible_to(self.request.member).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else "vulnerabilities:list"


class VulnerabilityRate(Act):
    """Say how grave it is here."""

    permission = WRITE
    form_class = forms.RateForm
    verb = "Severity of"
    submit_label = "Set the severity"
    explain = (
        "Its due day follows: sooner if it is graver, counted from today; later if it is lighter, from the day it was first seen."
    )
    success_message = "The severity was set."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"severity": self.object.severity}

    def act(self, form: forms.RateForm) -> Vulnerability:
        """Set it."""
        actions.rate(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class VulnerabilityAccept(AcceptScreen, Act):
    """Accept by name that it stays."""

    transition = Vulnerability.ACCEPT
    form_class = forms.AcceptForm
    action = staticmethod(actions.accept)

    def why_not(self) -> str:
        """Whom it is with does not."""
        return why_not_independent(self.request.member, self.object, retests=False)


class VulnerabilityLapse(LapseScreen, Act):
    """Take an acceptance back."""

    transition = Vulnerability.LAPSE
    explain = "Somebody has to fix it, as before."
    action = staticmethod(actions.lapse)


class VulnerabilityFinding(Act):
    """Follow it as a finding too."""

    permission = "findings.write"
    form_class = forms.FindingOfForm
    verb = "Raise a finding of"
    submit_label = "Raise the finding"
    explain = "For what is more than one weakness: a control that did not work. The finding has its own owner and retest."
    success_message = "The finding was raised."

    def allowed(self) -> bool:
        """By role only."""
        return True

    def act(self, form: forms.FindingOfForm) -> Finding:
        """Raise it, and show it."""
        return actions.raise_finding_of(self.object, actor=self.request.member, **form.cleaned_data)


class VulnerabilityHandIn(Act):
    """Say that it is fixed, for what a penetration test found."""

    transition = Vulnerability.HAND_IN
    form_class = forms.HandInForm
    verb = "Hand in"
    submit_label = "Hand it in for retest"
    explain = "Somebody who neither has it nor hands it in retests it."
    success_message = "It waits for its retest by somebody else."

    def act(self, form: forms.HandInForm) -> Vulnerability:
        """Hand it in."""
        retesting.hand_in(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class VulnerabilityRetest(Act):
    """Record what the retest found."""

    transition = Vulnerability.PASS
    form_class = forms.RetestForm
    verb = "Retest"
    submit_label = "Record the retest"
    success_message = "The retest is recorded."

    def allowed(self) -> bool:
        """By role, and independent of it."""
        return bool(self.request.member.can(Vulnerability.PASS.permission))

    def check(self) -> None:
        """Refuse those it is with, or who handed it in, in words."""
        super().check()
        if refusal := why_not_independent(self.request.member, self.object, retests=True):
            raise ActionRefused(refusal)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"retested_on": self.request.organization.today()}

    def act(self, form: forms.RetestForm) -> Vulnerability:
        """Record it."""
        retesting.retest(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class VulnerabilityReopen(Act):
    """Open again what a penetration test found."""

    transition = Vulnerability.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "It is due anew by its severity. When it was first seen stays."
    success_message = "It is open again."

    def allowed(self) -> bool:
        """By role only."""
        return bool(self.request.member.can(Vulnerability.REOPEN.permission))

    def act(self, form: OnceReasonForm) -> Vulnerability:
        """Open it."""
        retesting.reopen(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
