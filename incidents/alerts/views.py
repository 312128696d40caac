"""Alerts that came in, and the rule that makes incidents of them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from incidents.alerts import receiving
from incidents.models import IncomingAlert, Severity
from incidents.models.oncall import RUN
from incidents.oncall.forms import AlertSettingsForm
from incidents.rights import READ, events_visible_to, visible_to
from ui.screens import Column, Empty, Filter, FormScreen, ListScreen

LIST = ("Alerts", "incidents:alert-list")


class AlertList(RecordsExports, ListScreen):
    """Alerts of other systems, once for each fingerprint."""

    permission = READ
    title = "Alerts received"
    lede = "What other systems alert to, each once however often it is sent. Its event or incident says what became of it."
    noun = "alerts"
    noun_one = "alert"
    template_name = "incidents/alerts/list.html"
    columns = (
        Column("title", "Alert", sort="title", link=True),
        Column("source", "From", sort="source", hide_below=700),
        Column("severity_words", "Severity", sort="severity"),
        Column("state_badge", "State", sort="state", text=lambda one: one.get_state_display()),
        Column("times_seen", "Times", sort="times_seen", numeric=True, hide_below=1000),
        Column("last_seen_at", "Last", sort="last_seen_at"),
        Column("became", "Became", value=lambda one: one.incident or one.event),
    )
    default_order = ("-last_seen_at",)
    filters = (
        Filter("state", "State", choices=IncomingAlert.State.choices),
        Filter("severity", "Severity", choices=Severity.choices),
    )
    search_fields = ("title", "source")
    search_hint = "Alert or source"
    empty = Empty(
        "No alert has come in yet",
        "Monitoring systems send them to /api/incoming-alerts with a token that may report, as JSON or as Alertmanager does.",
    )

    def get_queryset(self) -> QuerySet[IncomingAlert]:
        """Those whose event and incident, if any, this member may see."""
        member = self.request.member
        rows = IncomingAlert.objects.select_related("event", "incident")
        if member.can("incidents.confide"):
            return rows
        seen = rows.filter(incident=None) | rows.filter(incident__in=visible_to(member).values("pk"))
        return seen.filter(event__in=events_visible_to(member).values("pk")) | seen.filter(event=None)

    def row_url(self, row: IncomingAlert) -> str:
        """Of what became of it."""
        about = row.incident or row.event
        return about.get_absolute_url() if about else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rule, and where alerts are sent to."""
        words = [str(Severity(one).label).lower() for one in receiving.opens()]
        return super().get_context_data(opens=words, may_run=self.request.member.can(RUN), **kwargs)


class AlertSettingsScreen(FormScreen):
    """Choose how grave an alert opens an incident."""

    permission = RUN
    form_class = AlertSettingsForm
    title = "Alerts that open an incident"
    breadcrumbs = (LIST,)
    submit_label = "Save"
    success_message = "The rule is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"opens": receiving.opens()}

    def act(self, form: AlertSettingsForm) -> str:
        """Change it."""
        receiving.choose(actor=self.request.member, severities=form.cleaned_data["opens"])
        return reverse("incidents:alert-list")
