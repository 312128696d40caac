"""My work, and the organization's settings."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import lazy
from django.views.generic import TemplateView

from accounts.models import IdleLimit, Member
from accounts.viewing import is_looking
from controls.models import Control
from controls.setup.draft import Draft
from home.actions import edit_organization
from home.readiness_card import readiness_card
from home.reviews_card import reviews_card
from home.work import work_of
from incidents.rights import REPORT
from reviews.models import Campaign
from tenancy.models import Organization
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.base import Screen
from workflow.absences.standing import absence_of, in_force
from workflow.inbox import total, which_exist
from workflow.models import Absence, Job


class Work(Screen, TemplateView):
    """Everything that waits for me, overdue first, with why it is with me."""

    permission = "home.read"
    title = "My work"
    template_name = "home/work.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries, and for those who may read reviews how they stand."""
        member, organization = self.request.member, self.request.organization
        entries, today = work_of(self.request), organization.today()
        jobs, controls, away, reviews = _there(member, today)
        jobs, away = (jobs, away) if not is_looking(self.request) else (False, False)
        return super().get_context_data(
            **self.frame(),
            entries=entries,
            total=total(entries),
            overdue=total([entry for entry in entries if entry.overdue]),
            card=reviews_card(member, any_review=reviews),
            readiness=readiness_card(self.request) if controls else None,
            absence=absence_of(member) if away else None,
            has_jobs=jobs,
            limits=str(member.limits),
            may_report=member.can(REPORT),
            set_up=_set_up(organization, today) if organization.is_example else "",
            **(_first_hour(self.request) if member.can("controls.write") and not controls else {}),
            **kwargs,
        )


def _first_hour(request: ScreenRequest) -> dict[str, Any]:
    """Where the set-up begins, or goes on: its last page leads back to what is lacking."""
    begun = Draft(request).begun
    return {"begun": begun, "begin_url": reverse("controls:setup-controls" if begun else "controls:setup-questions")}


def _there(member: Member, today: dt.date) -> list[bool]:
    """Whether there are jobs of theirs, controls, an absence of theirs, and reviews; in one query."""
    away = Absence.objects.filter(in_force(today), member=member)
    rows = [Job.objects.filter(actor_id=member.pk), Control.objects.all(), away, Campaign.objects.all()]
    return which_exist(member.organization, rows)


@screen("home.read")
def count(request: ScreenRequest) -> HttpResponse:
    """The number in the header, for a page that stands before it was counted."""
    return render(request, "ui/work_count.html", {"count": total(work_of(request))})


def _set_up(organization: Organization, today: dt.date) -> str:
    """When the example was set up, in words."""
    day = organization.day_of(organization.created_at)
    return "today" if day == today else f"on {day.day} {day:%B %Y}"


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone or zone == "UTC"]


class OrganizationForm(forms.Form):
    """Name and zone."""

    name = forms.CharField(max_length=120)
    zone = forms.ChoiceField(
        label="Time zone",
        choices=lazy(_zones, list)(),
        help_text="Days, quarters and due dates follow it. A change moves no period that is stored already.",
    )


class OrganizationEdit(FormScreen):
    """The organization's name and zone."""

    permission = "organization.admin"
    template_name = "home/organization.html"
    form_class = OrganizationForm
    title = "Organization"
    submit_label = "Save the organization"
    success_message = "The organization was changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        organization = self.request.organization
        return {"name": organization.name, "zone": organization.zone}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add when its members are signed out."""
        return super().get_context_data(idle_minutes=IdleLimit.minutes_of(self.request.organization), **kwargs)

    def act(self, form: OrganizationForm) -> str:
        """Change it."""
        edit_organization(self.request.organization, actor=self.request.member, **form.cleaned_data)
        return "home:organization"
