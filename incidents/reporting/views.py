"""Screens of what is noticed: reported, evaluated, made an incident."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from incidents.about import EVENTS, LIST
from incidents.models import Incident, SecurityEvent
from incidents.reporting import actions, forms
from incidents.rights import EVERYBODY, READ, REPORT, RUN, WORK, events_visible_to, visible_to
from ui.screens import DetailScreen
from workflow.once import OnceScreen
from workflow.transitions import Transition


class Report(OnceScreen):
    """Say what one noticed: one line is enough."""

    permission = REPORT
    form_class = forms.ReportForm
    template_name = "incidents/report.html"
    title = "Report something"
    submit_label = "Report it"
    lede = "Something looks wrong, or is? Say so: better once too often. One line is enough."
    success_message = "Thank you. Those who look into it were told, and say here what it was."

    def get_initial(self) -> dict[str, Any]:
        """A link from a system fills that in."""
        return {"system": self.request.GET.get("system", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many of one's own reports there are."""
        mine = SecurityEvent.objects.filter(reported_by=self.request.member.pk)
        return super().get_context_data(mine=list(mine[:5]), **kwargs)

    def act(self, form: forms.ReportForm) -> SecurityEvent:
        """Keep it."""
        return actions.report_event(actor=self.request.member, source=SecurityEvent.Source.PERSON, **form.facts())


class EventDetail(DetailScreen):
    """One security event: what was noticed, and what it was."""

    permission = EVERYBODY
    template_name = "incidents/event_detail.html"
    breadcrumbs = (EVENTS,)
    object: SecurityEvent

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        related = ("system", "incident", "evaluated_by__user", "reported_by__user")
        return events_visible_to(self.request.member).select_related(*related)

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be done, and the incident for those who may see it."""
        event, member = self.object, self.request.member
        shown = event.incident_id is not None and visible_to(member).filter(pk=event.incident_id).exists()
        runs = member.can(RUN)
        return super().get_context_data(
            incident=event.incident if shown else None,
            may_evaluate=runs and event.status == SecurityEvent.Status.NEW,
            may_evaluate_again=runs and event.status != SecurityEvent.Status.NEW,
            may_read=(shown or event.incident_id is None) and (runs or member.can(READ)),  # the trail names the incident
            same=_same(event, member) if runs else [],
            **kwargs,
        )


def _same(event: SecurityEvent, member: Any) -> list[SecurityEvent]:
    """What was said of the same before: it may be the same again."""
    if not event.fingerprint:
        return []
    others = events_visible_to(member).filter(fingerprint=event.fingerprint).exclude(pk=event.pk)
    return list(others.select_related("incident")[:5])


class _Evaluates(OnceScreen, abstract=True):
    """A form about one security event, for those who evaluate."""

    permission = RUN
    model = SecurityEvent
    object: SecurityEvent
    transition: Transition
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return events_visible_to(self.request.member)

    def load(self) -> None:
        """No form where there is nothing to do. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST":
            self.transition.check(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the event."""
        return (EVENTS, (self.object.reference, self.object.get_absolute_url()))


class EventRuleOut(_Evaluates):
    """It is no incident."""

    transition = SecurityEvent.RULE_OUT
    form_class = forms.RuleOutForm
    verb = "Not an incident:"
    submit_label = "Not an incident"
    success_message = "It is ruled out, and whoever reported it is told."

    def act(self, form: forms.RuleOutForm) -> SecurityEvent:
        """Rule it out."""
        return actions.rule_out(self.object, actor=self.request.member, **form.cleaned_data)


class EventJoin(_Evaluates):
    """It is part of an incident that is known."""

    transition = SecurityEvent.JOIN
    form_class = forms.JoinForm
    verb = "Part of which incident:"
    submit_label = "Make it part of it"
    success_message = "It is part of the incident."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only what the member may see is offered."""
        return {**super().get_form_kwargs(), "member": self.request.member}

    def act(self, form: forms.JoinForm) -> SecurityEvent:
        """Join it."""
        return actions.join(self.object, actor=self.request.member, **form.cleaned_data)


class EventOpen(_Evaluates):
    """It is an incident."""

    transition = SecurityEvent.JOIN
    form_class = forms.OpenForm
    verb = "Open an incident:"
    submit_label = "Open the incident"

    def get_initial(self) -> dict[str, Any]:
        """What was reported."""
        event = self.object
        same = ("title", "kind", "description", "occurred_at", "confidential")
        systems = [event.system_id] if event.system_id else []
        reported = {"systems": systems, "detected_at": event.reported_at, "detected_by": event.reported_as}
        reported["severity"] = event.severity if event.severity_stated else ""
        return {**{name: getattr(event, name) for name in same}, **reported}

    def act(self, form: forms.OpenForm) -> Incident:
        """Open it."""
        return actions.open_incident(actor=self.request.member, event=self.object, **form.facts())


class EventAgain(_Evaluates):
    """Take the evaluation back."""

    transition = SecurityEvent.EVALUATE_AGAIN
    form_class = forms.AgainForm
    verb = "Evaluate again:"
    submit_label = "Evaluate it again"
    success_message = "It waits to be evaluated again."

    def act(self, form: forms.AgainForm) -> SecurityEvent:
        """Take it back."""
        return actions.evaluate_again(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentCreate(OnceScreen):
    """Open an incident that nobody has reported."""

    permission = WORK
    form_class = forms.OpenForm
    title = "Open an incident"
    breadcrumbs = (LIST,)
    submit_label = "Open the incident"
    explain = "For what is an incident for certain. What only looks wrong is reported, and somebody evaluates it."

    def get_initial(self) -> dict[str, Any]:
        """A link from a system fills that in."""
        system = self.request.GET.get("system", "")
        return {"systems": [system] if system else [], "title": self.request.GET.get("title", "")[:200]}

    def act(self, form: forms.OpenForm) -> Incident:
        """Open it; those who only work on incidents have a part in what they open."""
        return actions.open_incident(actor=self.request.member, **form.facts())
