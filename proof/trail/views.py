"""The seal on screen: the latest head, how far it lags, who witnesses it, and every check with what it found."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from audit.exports import RecordsExports
from audit.models import AuditEvent, AuditHead
from audit.seal.keys import fingerprint_of, ssh_line_of
from audit.seal.sealing import lag
from audit.seal.witnesses import witnesses
from evidence.printing.keys import pdf_key
from proof.models import TrailCheck
from proof.retention.standing import retention_of
from proof.trail.tasks import READ, ask_check
from tenancy.scope import now
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen

SLOW = dt.timedelta(minutes=10)  # until an event is sealed; a minute or two is usual
OLD = dt.timedelta(days=2)  # since the last check


class Seal(RecordsExports, ListScreen):
    """Whether the trail proves itself."""

    permission = READ
    title = "Proof of the trail"
    lede = (
        "Every event is a leaf of a tree whose root is signed each minute. Whoever changes, removes or adds an event afterwards "
        "cannot make the roots agree, and the heads are kept outside of the database too."
    )
    template_name = "proof/seal.html"
    noun = "checks"
    noun_one = "check"
    queryset = TrailCheck.objects.select_related("asked_by__user")
    columns = (
        Column("reference", "Check", sort="reference", link=True, whole=True),
        Column("at", "As of", sort="at"),
        Column("outcome_badge", "Outcome", sort="outcome", text=lambda one: one.get_outcome_display()),
        Column("events", "Events", sort="events", numeric=True),
        Column("heads", "Heads", sort="heads", numeric=True, hide_below=1000),
        Column("found", "Faults", sort="found", numeric=True, hide_below=700),
        Column("asked_by", "Asked for by", value=lambda one: one.asked_by.name if one.asked_by else "Plumbline", hide_below=1000),
    )
    default_order = ("-at",)
    filters = (Filter("outcome", "Outcome", choices=TrailCheck.Outcome.choices),)
    search_fields = ("reference",)
    search_hint = "Number"
    empty = Empty("Not checked yet", "The whole trail is checked every night, and whenever you ask for it.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the latest head, the latest check and what is not as it should be."""
        head, waiting = AuditHead.objects.order_by("-number").first(), lag(now())
        return super().get_context_data(
            head=head,
            root=bytes(head.root).hex() if head else "",
            fingerprint=fingerprint_of(bytes(head.public)) if head else "",
            key_line=ssh_line_of(bytes(head.public)) if head else "",
            oldest_waiting=now() - waiting if waiting else None,
            is_slow=waiting > SLOW,
            latest=TrailCheck.objects.order_by("-at").first(),
            is_old=not TrailCheck.objects.filter(at__gte=now() - OLD).exists(),
            pdf_key=pdf_key(),
            witnesses=[witness.name for witness in witnesses()],
            retention=retention_of(self.request.organization.today()),
            **kwargs,
        )


class CheckDetail(DetailScreen):
    """One check: what was read, and each fault with the event it names."""

    permission = READ
    queryset = TrailCheck.objects.select_related("asked_by__user", "evidence__file")
    template_name = "proof/check_detail.html"
    breadcrumbs = (("Proof of the trail", "proof:seal"),)
    object: TrailCheck

    def get_title(self) -> str:
        """Its number."""
        return f"{self.object.reference}: {self.object.get_outcome_display().lower()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a way to each event that is still there."""
        named = [one["event"] for one in self.object.faults if one["event"]]
        there = {str(key) for key in AuditEvent.objects.filter(pk__in=named).values_list("pk", flat=True)}
        return super().get_context_data(
            faults=[{**one, "there": one["event"] in there} for one in self.object.faults],
            more=self.object.found - len(self.object.faults),
            **kwargs,
        )


@screen(READ, methods=["POST"])
def check(request: ScreenRequest) -> HttpResponse:
    """Have it checked, and watch."""
    return redirect("workflow:job", ask_check(actor=request.member).pk)
