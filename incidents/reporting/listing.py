"""The list of security events: the queue of those to be evaluated, and what the others were."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from incidents.models import Kind, SecurityEvent
from incidents.models.severity import asked
from incidents.reporting import actions
from incidents.reporting.forms import RuleOutForm
from incidents.rights import EVERYBODY, READ, REPORT, RUN, events_visible_to
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen


class EventList(RecordsExports, ListScreen):
    """What was noticed; for those who do not read incidents, what they reported themselves."""

    permission = EVERYBODY
    noun = "security events"
    noun_one = "security event"
    columns = (
        Column("reference", "Event", sort="reference", link=True, whole=True),
        Column("title", "What was noticed", sort="title", wide=True, template="incidents/cells/title.html"),
        Column("severity_badge", "Severity", sort="severity", text=lambda one: one.severity_words),
        Column("kind", "Kind", sort="kind", hide_below=1300, whole=True),
        Column("reported_as", "Noticed by", sort="reported_as", hide_below=1000),
        Column("source", "From", sort="source", hide_below=1300),
        Column("times_seen", "Times", sort="times_seen", numeric=True, hide_below=1300),
        Column("reported_at", "Reported", sort="reported_at", hide_below=1000, whole=True, on_cards=True),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-reported_at",)
    search_fields = ("reference", "title", "reported_as")
    search_hint = "Number, words or who noticed it"
    bulk_actions = (Bulk("rule_out", "Not an incident", RUN, form=RuleOutForm),)
    primary_action = ("Report something", "incidents:report", REPORT)
    empty = Empty(
        "Nothing was reported",
        "A security event is anything that looked wrong: to a person, a check, a scanner or another system. "
        "Somebody says of each whether it was an incident.",
        action=("Report something", "incidents:report"),
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        """Those who do not read incidents see their own reports."""
        return "Security events" if self.request.member.can(READ) else "What you reported"

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What the list is for."""
        if self.request.member.can(READ):
            return "What looked wrong to somebody or something. Each is evaluated: not an incident, for a reason, or part of one."
        return "What you reported, and what it was."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return events_visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """By what it was."""
        grades, which = asked()
        own = {"me": Q(reported_by=self.request.member.pk)}
        return (
            Filter("state", "State", choices=SecurityEvent.Status.choices, lookup="status"),
            Filter("severity", "Severity", choices=grades, where=which),
            Filter("kind", "Kind", choices=Kind.choices),
            Filter("source", "From", choices=SecurityEvent.Source.choices),
            Filter("whose", "Reported by", choices=[("me", "Me")], where=own),
        )

    def bulk_rule_out(self, selection: QuerySet[SecurityEvent], form: RuleOutForm) -> BulkResult:
        """Rule each out; whatever cannot be says why."""
        done, refused = [], {}
        for event in selection:
            try:
                actions.rule_out(event, actor=self.request.member, reason=form.cleaned_data["reason"])
            except ActionRefused as refusal:
                refused[event.pk] = refusal.sentence
            else:
                done.append(event.pk)
        return BulkResult(done=done, refused=refused)
