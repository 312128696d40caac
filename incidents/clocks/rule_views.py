"""Screens of the rules of notification, and of holidays."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from audit.exports import RecordsExports
from incidents.about import LIST
from incidents.clocks import forms, holidays, rules, turning
from incidents.clocks.page import terms_words
from incidents.models import Holiday, Kind, NotificationRule
from incidents.rights import READ, RUN
from tenancy.models import current_organization
from ui.components import Badge
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.once import OnceForm, OnceScreen

RULES = ("Notification clocks", "incidents:rule-list")


def terms_of(rule: NotificationRule) -> str:
    """72 hours from awareness."""
    names = ("trigger", "amount", "unit", "cap_trigger", "cap_amount", "cap_unit")
    return terms_words({name: getattr(rule, name) for name in names})


def confirmed(rule: NotificationRule) -> Badge:
    """Whether counsel has confirmed it."""
    return Badge(f"Confirmed by {rule.confirmed_by}", "ok") if rule.confirmed_by else Badge("Confirm with counsel", "warn")


class RuleList(RecordsExports, ListScreen):
    """Within which time whom an incident has to be notified to."""

    permission = READ
    title = "Notification clocks"
    noun, noun_one = "rules", "rule"
    template_name = "incidents/rule_list.html"
    queryset = NotificationRule.objects.all()
    columns = (
        Column("name", "Duty", sort="name", link=True),
        Column("recipient", "Who is notified", hide_below=1000),
        Column("terms", "Time", value=terms_of),
        Column("confirmed", "Counsel", value=confirmed, hide_below=700),
        Column("status_badge", "State", sort="status"),
    )
    default_order = ("position", "name")
    filters = (Filter("status", "State", choices=NotificationRule.Status.choices),)
    search_fields = ("name", "recipient", "basis")
    empty = Empty(
        "No rules yet",
        "Rules say within which time whom an incident has to be notified to: customers by their contracts, authorities by law.",
        action=("Add the templates", "incidents:rule-templates"),
    )
    primary_action = ("New rule", "incidents:rule-create", RUN)
    breadcrumbs = (LIST,)


class RuleDetail(DetailScreen):
    """One duty to notify."""

    permission = READ
    model = NotificationRule
    template_name = "incidents/rule_detail.html"
    breadcrumbs = (LIST, RULES)
    object: NotificationRule

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its terms in words."""
        rule = self.object
        return super().get_context_data(
            **kwargs,
            terms=terms_of(rule),
            confirmed=confirmed(rule),
            kinds=", ".join(Kind(kind).label for kind in rule.kinds),
            may_run=self.request.member.can(RUN),
            holidays=Holiday.objects.filter(day__gte=current_organization().today()).count(),
        )


class RuleTemplates(OnceScreen):
    """Take the templates that are not there yet."""

    permission = RUN
    form_class = OnceForm
    title = "Add the templates"
    submit_label = "Add them"
    breadcrumbs = (LIST, RULES)
    explain = "Customer contracts and GDPR are on; NIS2, DORA, HIPAA and SEC are off. All are data for counsel to confirm."
    success_message = "The templates are yours to change."

    def act(self, form: Any) -> str:
        """Take them."""
        rules.take_templates(actor=self.request.member)
        return reverse("incidents:rule-list")


class RuleCreate(OnceScreen):
    """A rule of one's own."""

    permission = RUN
    form_class = forms.RuleForm
    title = "New rule"
    submit_label = "Make it"
    breadcrumbs = (LIST, RULES)
    explain = "It is off until you turn it on. Data for counsel to confirm, not legal advice."

    def act(self, form: forms.RuleForm) -> NotificationRule:
        """Make it."""
        return rules.add_rule(actor=self.request.member, **form.cleaned_data)


class _OfRule(OnceScreen, abstract=True):
    """A form about one rule."""

    permission = RUN
    model = NotificationRule
    object: NotificationRule
    verb = ""

    def get_title(self) -> str:
        """Which rule."""
        return f"{self.verb} “{self.object.name}”"

    def get_breadcrumbs(self) -> Any:
        """Back to it."""
        return (LIST, RULES, (self.object.name, self.object.get_absolute_url()))


class RuleEdit(_OfRule):
    """Change a rule."""

    form_class = forms.RuleForm
    verb = "Change"
    explain = "Clocks that run keep the time they began with. What counsel confirmed is to be confirmed again."
    success_message = "The rule is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """It does not follow itself."""
        return {**super().get_form_kwargs(), "rule": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in rules.FIELDS}

    def act(self, form: forms.RuleForm) -> NotificationRule:
        """Change it."""
        return rules.edit_rule(self.object, actor=self.request.member, **form.cleaned_data)


class RuleConfirm(_OfRule):
    """Note that counsel has confirmed it."""

    form_class = forms.ConfirmForm
    verb = "Confirmed by counsel:"
    submit_label = "Note it"
    success_message = "It is noted."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"on": current_organization().today()}

    def act(self, form: forms.ConfirmForm) -> NotificationRule:
        """Note it."""
        return rules.confirm_rule(self.object, actor=self.request.member, **form.cleaned_data)


class RuleOff(_OfRule):
    """Let it start no more clocks."""

    form_class = forms.OffForm
    verb = "Turn off"
    submit_label = "Turn it off"
    explain = "It starts no more clocks. Those that run go on until somebody decides."
    success_message = "The rule is off."

    def act(self, form: forms.OffForm) -> NotificationRule:
        """Turn it off."""
        return turning.turn_off(self.object, actor=self.request.member, **form.cleaned_data)


@screen(RUN, methods=["POST"])
def turn_on(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Let it start clocks."""
    rule = get_object_or_404(NotificationRule, pk=pk)
    turning.turn_on(rule, actor=request.member)
    messages.success(request, "The rule is on; incidents that are not over have its clock where it applies.")
    return redirect(rule)


class HolidayList(RecordsExports, ListScreen):
    """Days without business."""

    permission = READ
    title = "Holidays"
    noun, noun_one = "holidays", "holiday"
    template_name = "incidents/holiday_list.html"
    queryset = Holiday.objects.all()
    columns = (
        Column("day", "Day", sort="day"),
        Column("name", "What day it is", sort="name"),
        Column("remove", "Take out", template="incidents/cells/holiday_remove.html", value=lambda _: "", export=False),
    )
    default_order = ("-day",)
    search_fields = ("name",)
    empty = Empty(
        "No holidays yet",
        "Deadlines in business days leave out weekends and these days. A country's public holidays can be brought in.",
        action=("Import a country's holidays", "incidents:holiday-import"),
    )
    primary_action = ("Import a country's holidays", "incidents:holiday-import", RUN)
    breadcrumbs = (LIST, RULES)

    def row_url(self, obj: Any) -> str:
        """A day has no page of its own."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether days may be taken out."""
        return super().get_context_data(**kwargs, may_run=self.request.member.can(RUN))


class _Holidays(OnceScreen, abstract=True):
    permission = RUN
    breadcrumbs = (LIST, RULES, ("Holidays", "incidents:holiday-list"))


class HolidayAdd(_Holidays):
    """Add a day of the organization's own."""

    form_class = forms.HolidayForm
    title = "New holiday"
    submit_label = "Add it"

    def act(self, form: forms.HolidayForm) -> str:
        """Add it."""
        made = holidays.add_holiday(actor=self.request.member, **form.cleaned_data)
        return f"{reverse('incidents:holiday-list')}#row-{made.pk}"


class HolidayImport(_Holidays):
    """Bring in a country's public holidays of a year."""

    form_class = forms.CountryForm
    title = "Import a country's holidays"
    submit_label = "Bring them in"
    explain = "Days that are there already stay as they are. Look through them: what holds for you is yours to say."

    def act(self, form: forms.CountryForm) -> str:
        """Bring them in."""
        count = holidays.bring_in(actor=self.request.member, **form.cleaned_data)
        messages.success(self.request, f"{count} holiday{'' if count == 1 else 's'} brought in.")
        return reverse("incidents:holiday-list")


@screen(RUN, methods=["POST"])
def holiday_remove(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take a day out."""
    holidays.remove_holiday(get_object_or_404(Holiday, pk=pk), actor=request.member)
    messages.success(request, "The day is a business day again.")
    return redirect("incidents:holiday-list")
