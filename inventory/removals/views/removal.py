"""The page of one removal."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from evidence import downloads
from inventory.models import Removal
from inventory.removals.due import days_late
from inventory.removals.guidance import next_step
from inventory.removals.rights import may_work, visible_to
from inventory.removals.uncounted import uncounted
from inventory.removals.views.removals import CRUMBS, EVERYBODY
from tenancy.models import Organization
from ui.screens import DetailScreen, ScreenRequest, screen


class RemovalDetail(DetailScreen):
    """One removal: what, why, who, by when, and what happens next."""

    permission = EVERYBODY
    template_name = "inventory/removal_detail.html"
    breadcrumbs = CRUMBS
    object: Removal

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        related = (
            "base_snapshot",
            "checked_snapshot",
            "claim_file",
            "claimed_by__user",
            "accepted_by__user",
            "requested_by__user",
        )
        return visible_to(self.request.member).select_related(*related, "system", "account", "person", "assignee")

    def get_title(self) -> str:
        """Number and task."""
        return f"{self.object.reference}: {self.object.task}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        removal, member = self.object, self.request.member
        works, late = may_work(member, removal), lateness(removal, self.request.organization)
        return super().get_context_data(
            facts=_facts(removal),
            late=late,
            late_words="1 day late" if late == 1 else f"{late} days late",
            **_tones(removal),
            may_read_people=member.can("people.read"),
            may_read_systems=member.can("systems.read"),
            next_step=next_step(removal),
            uncounted=uncounted(removal),
            claimable=works and removal.status in Removal.CLAIM.sources,
            unclaimable=works and removal.status in Removal.UNCLAIM.sources,
            acceptable=Removal.ACCEPT.allows(removal, member),
            reassignable=works and removal.is_open,
            may_read_snapshots=member.can("snapshots.read"),
            may_import=member.can("snapshots.write"),
            **kwargs,
        )


def lateness(removal: Removal, organization: Organization) -> int:
    """Days late: until it was claimed done, or until today."""
    zone = organization.tzinfo
    claimed = removal.claimed_at if removal.status in {"claimed", "verified_removed", "verified_changed"} else None
    stopped: dt.datetime | None = claimed or removal.closed_at
    return days_late(removal.due_on, stopped.astimezone(zone).date() if stopped else organization.today())


def _tones(removal: Removal) -> dict[str, str]:
    """How good the news is: of the next step, and of the last finding."""
    if removal.came_back:
        return {"next_tone": "warn", "finding_tone": "bad"}
    trouble = removal.status in {"still_active", "cannot_be_verified"}
    return {"next_tone": "info" if removal.is_open else "ok", "finding_tone": "bad" if trouble else "ok"}


def _facts(removal: Removal) -> list[tuple[str, Any]]:
    times = "Once" if removal.times_reopened == 1 else f"{removal.times_reopened} times"
    rare = [("Came back", removal.regranted_at), ("Reopened", times if removal.times_reopened else None)]
    return [
        ("State", removal.status_badge),
        ("What", removal.task[:1].upper() + removal.task[1:]),
        ("Why", removal.reason),
        ("From", removal.get_origin_display()),
        ("Severity", removal.get_severity_display()),
        ("Asked for", removal.requested_at),
        ("By", removal.requested_by.name if removal.requested_by else "Plumbline"),
        *[(term, value) for term, value in rare if value],
    ]


@screen(EVERYBODY)
def claim_file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The file of the claim."""
    removal = get_object_or_404(visible_to(request.member).select_related("claim_file"), pk=pk)
    if removal.claim_file is None:
        raise Http404
    return downloads.take_away(removal.claim_file, actor=request.member)
