"""Screens of control events: one event, totals, the archive, the schemas; alerts and their rules."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.views.generic import TemplateView

from controls.events import forms, rules
from controls.events.alerts import WATCHED, events_of, look_at
from controls.events.facts import moment
from controls.events.hiding import alerts_seen_by, events_seen_by
from controls.events.listing import READ, WRITE
from controls.events.reference import said_in, shown_kinds
from controls.events.totals import archive, totals_in
from controls.models import Alert, AlertRule, ControlEvent
from controls.periods.current import period_of
from ui.screens import DetailScreen
from ui.screens.base import Screen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.transitions import Transition

LIST = ("Control events", "controls:event-list")
ALERTS = ("Alerts", "controls:alert-list")
RULES = ("Alert rules", "controls:rule-list")
SHOWN = 50  # events on the page of an alert


class EventDetail(DetailScreen):
    """One event as it was sent, with its hash computed anew."""

    permission = READ
    template_name = "controls/event_detail.html"
    breadcrumbs = (LIST,)
    object: ControlEvent

    def get_queryset(self) -> QuerySet[Any]:
        """With its control and the request it came in."""
        return events_seen_by(self.request.member).select_related("control", "batch__sent_by__user")

    def get_title(self) -> str:
        """Its category and what it is about."""
        return f"{self.object.get_kind_display()}: {self.object.subject}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says, and whether it still says so."""
        event, member = self.object, self.request.member
        content = json.loads(event.body)
        return super().get_context_data(
            said=said_in(event.kind, content["data"]),
            is_intact=is_intact(event),
            alerts=_alerts_with(event, member),
            may_raise=member.can("findings.write"),
            **kwargs,
        )


def is_intact(event: ControlEvent) -> bool:
    """Whether its text has its hash, and the columns that lists look at say what the text says."""
    if hashlib.sha256(event.body.encode()).hexdigest() != event.sha256:
        return False
    content = json.loads(event.body)
    copies = (event.kind, event.source, event.event_id, event.occurred_at)
    return copies == (content["kind"], content["source"], content["event_id"], moment(content["occurred_at"]))


def _alerts_with(event: ControlEvent, member: Any) -> list[Alert]:
    """The alerts whose window it lies in."""
    watched = [watches for watches, (kind, results) in WATCHED.items() if kind == event.kind and event.result in results]
    if not watched:
        return []
    same = Q(by="actor", same=event.actor) | Q(by="ip", same=event.ip)
    same |= Q(by="subject", same=event.subject) | Q(by="control", same=event.control.code)
    window = Q(first_at__lte=event.occurred_at, until__gte=event.occurred_at)
    return list(alerts_seen_by(member).filter(same & window, watches__in=watched).order_by("raised_at"))


class EventTotals(Screen, TemplateView):
    """What the events of the audit period add up to, by category and by control."""

    permission = READ
    title = "Event totals"
    breadcrumbs = (LIST,)
    template_name = "controls/event_totals.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The totals up to today."""
        period = period_of(self.request)
        totals = totals_in(events_seen_by(self.request.member), self.request.organization, period)
        return super().get_context_data(**self.frame(), period=period, totals=totals, **kwargs)


class EventArchive(Screen, TemplateView):
    """Every event under its category, year and month."""

    permission = READ
    title = "Archive of events"
    lede = "Every event under category, year and month, as they were when it was received. Nothing is changed or taken away."
    breadcrumbs = (LIST,)
    template_name = "controls/event_archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The shelves."""
        return super().get_context_data(**self.frame(), shelves=archive(events_seen_by(self.request.member)), **kwargs)


class EventSchemas(Screen, TemplateView):
    """How another system logs events, and what each kind must say."""

    permission = READ
    title = "How to log events"
    breadcrumbs = (LIST,)
    template_name = "controls/event_schemas.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every kind with its fields and an example."""
        return super().get_context_data(**self.frame(), kinds=list(shown_kinds()), **kwargs)


class AlertDetail(DetailScreen):
    """One alert: what happened, the events, and what somebody found."""

    permission = READ
    template_name = "controls/alert_detail.html"
    breadcrumbs = (ALERTS,)
    object: Alert

    def get_queryset(self) -> QuerySet[Any]:
        """With its rule, its control and who looked."""
        return alerts_seen_by(self.request.member).select_related("rule", "control", "looked_by__user")

    def get_title(self) -> str:
        """Number and what happened."""
        return f"{self.object.reference}: {self.object.sentence}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its events, and what this member may do."""
        alert, member = self.object, self.request.member
        events = events_of(alert, events_seen_by(member))
        return super().get_context_data(
            events=events.select_related("control").order_by("occurred_at")[:SHOWN],
            count=events.count(),
            may_look=Alert.LOOK.allows(alert, member),
            may_raise=member.can("findings.write"),
            **kwargs,
        )


class AlertLook(OnceScreen):
    """Note what was found."""

    permission = Alert.LOOK.permission
    model = Alert
    form_class = forms.LookForm
    submit_label = "Note it and close the alert"
    success_message = "What you found is noted."
    object: Alert

    def get_queryset(self) -> QuerySet[Any]:
        """Those that its reader may see."""
        return alerts_seen_by(self.request.member)

    def load(self) -> None:
        """Nobody sees a form where there is nothing to do."""
        super().load()
        if self.request.method != "POST":
            Alert.LOOK.check(self.object)

    def get_title(self) -> str:
        """Which."""
        return f"Look at {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the alert."""
        return (ALERTS, (self.object.reference, self.object.get_absolute_url()))

    def act(self, form: forms.LookForm) -> Alert:
        """Note it."""
        return look_at(self.object, actor=self.request.member, **form.cleaned_data)


class RuleDetail(DetailScreen):
    """One rule, and what it raised last."""

    permission = READ
    template_name = "controls/rule_detail.html"
    breadcrumbs = (ALERTS, RULES)
    model = AlertRule
    object: AlertRule

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who is told, and its latest alerts."""
        names = dict(forms.recipient_choices())
        rule, member = self.object, self.request.member
        return super().get_context_data(
            told=[names[str(one)] for one in rule.recipients if str(one) in names],
            alerts=alerts_seen_by(member).filter(rule=rule).select_related("control").order_by("-raised_at")[:SHOWN],
            may_write=member.can(WRITE),
            **kwargs,
        )


class RuleCreate(OnceScreen):
    """Add a rule."""

    permission = WRITE
    form_class = forms.NewRuleForm
    title = "Add an alert rule"
    breadcrumbs = (ALERTS, RULES)
    submit_label = "Add the rule"
    explain = "It watches what arrives from now on."
    success_message = "The rule watches from now on."

    def act(self, form: forms.NewRuleForm) -> AlertRule:
        """Add it."""
        return rules.create_rule(actor=self.request.member, **form.cleaned_data)


class _AboutRule(OnceScreen, abstract=True):
    """A form about one rule."""

    permission = WRITE
    model = AlertRule
    object: AlertRule
    verb = ""
    transition: Transition | None = None

    def load(self) -> None:
        """Nobody sees a form where there is nothing to do."""
        super().load()
        if self.transition and self.request.method != "POST":
            self.transition.check(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the rule."""
        return (ALERTS, RULES, (self.object.name, self.object.get_absolute_url()))


class RuleEdit(_AboutRule):
    """Change what it watches for, and who is told."""

    form_class = forms.NewRuleForm
    verb = "Change"
    success_message = "The rule was changed."

    def act(self, form: forms.NewRuleForm) -> AlertRule:
        """Change it."""
        return rules.edit_rule(self.object, actor=self.request.member, **form.cleaned_data)


class RuleTurnOff(_AboutRule):
    """Let it raise nothing more."""

    form_class = OnceReasonForm
    transition = AlertRule.TURN_OFF
    verb = "Turn off"
    submit_label = "Turn it off"
    explain = "It raises no more alerts, and nobody is told. Those it has raised stay."
    success_message = "The rule is off."

    def act(self, form: OnceReasonForm) -> AlertRule:
        """Turn it off."""
        return rules.turn_off(self.object, actor=self.request.member, **form.cleaned_data)


class RuleTurnOn(_AboutRule):
    """Let it watch again."""

    form_class = OnceReasonForm
    transition = AlertRule.TURN_ON
    verb = "Turn on"
    submit_label = "Turn it on"
    explain = "It watches what arrives from now on."
    success_message = "The rule watches again."

    def act(self, form: OnceReasonForm) -> AlertRule:
        """Turn it on."""
        return rules.turn_on(self.object, actor=self.request.member, **form.cleaned_data)
