"""The lists of acknowledgements and of the campaigns that asked for them."""

import uuid
from typing import Any, ClassVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audit.exports import RecordsExports
from inventory.models import Person
from policies.acknowledging.rights import visible_to
from policies.models import Acknowledgement, AcknowledgementCampaign, Policy
from policies.rights import EVERYBODY, READ, WRITE
from ui.screens import Column, Empty, Filter, ListScreen

OPEN = Q(status="open", campaign__status="open")
STATES = [
    ("open", "To confirm"),
    ("overdue", "Overdue"),
    ("confirmed", "Confirmed"),
    ("missed", "Closed without it"),
]


class AcknowledgementList(RecordsExports, ListScreen):
    """Who is asked to confirm what, and what they confirmed."""

    permission = EVERYBODY
    title = "Acknowledgements"
    template_name = "policies/acknowledging/acknowledgement_list.html"
    noun = "acknowledgements"
    noun_one = "acknowledgement"
    default_order = ("due_on",)
    search_hint = "Person or policy"
    primary_action = ("Ask for acknowledgement", "policies:acknowledge", WRITE)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "Who is asked to read and confirm what, who has, and who has not."
        return "What you are asked to read and confirm, and what you have confirmed."

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """Those who may ask can begin here."""
        if not self.request.member.can(WRITE):
            return Empty("Nothing to confirm", "Nobody has asked you to confirm a policy.")
        why = "Nobody is asked yet. Ask once, or let a policy ask by itself: on joining, after a material change, every year."
        return Empty("No acknowledgements yet", why, ("Ask for acknowledgement", "policies:acknowledge"))

    def get_columns(self) -> tuple[Column, ...]:
        """The organization's day decides what is overdue."""
        today = self.request.organization.today()
        return (
            Column("person.name", "Person", sort="person__name", link=True),
            Column("policy", "Policy", sort="campaign__version__title", value=lambda one: str(one.campaign.version), wide=True),
            Column("person.department", "Department", sort="person__department", hide_below=1000),
            Column("why", "Why", value=lambda one: one.campaign.get_origin_display(), hide_below=1300),
            Column("due_on", "Confirm by", sort="due_on"),
            Column("standing", "State", value=lambda one: one.badge(today), text=lambda one: one.badge(today).label),
            Column("confirmed_at", "Confirmed", sort="confirmed_at", hide_below=1000),
            Column("ip", "IP address", hide_below=1500),
            Column(
                "content_hash", "SHA-256 of the version", hide_below=1500, value=lambda one: one.content_hash[:12],
                text=lambda one: one.content_hash,
            ),
            Column("certificate", "Certificate", hide_below=1500, value=lambda one: one.certificate[:12],
                   text=lambda one: one.certificate),
        )  # fmt: skip

    def get_queryset(self) -> QuerySet[Acknowledgement]:
        """What this member may see."""
        return visible_to(self.request.member)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Rows that have every word in the person's name or in the title: looked up first, rows then come in order."""
        for word in text.split():
            named = Person.objects.filter(name__icontains=word)
            titled = AcknowledgementCampaign.objects.filter(version__title__icontains=word)
            queryset = queryset.filter(Q(person__in=named.values("pk")) | Q(campaign__in=titled.values("pk")))
        return queryset

    def get_filters(self) -> tuple[Filter, ...]:
        """By what holds today."""
        today = self.request.organization.today()
        where = {
            "open": OPEN,
            "overdue": OPEN & Q(due_on__lt=today),
            "confirmed": Q(status="confirmed"),
            "missed": Q(status="open", campaign__status="closed"),
        }
        mine = {"mine": Q(person__member=self.request.member.pk)}
        return (
            Filter("state", "State", choices=STATES, where=where),
            Filter("view", "View", choices=[("mine", "Mine")], where=mine),
            Filter("asked", "Asked for", choices=[("now", "Now")], where={"now": Q(campaign__status="open")}),
            _Campaign("campaign", "Campaign", choices=()),
            Filter("policy", "Policy", choices=_policies, lookup="campaign__policy"),
        )


class _Campaign(Filter):
    """One campaign that the address names: its page leads here with it."""

    counted: ClassVar[bool] = False

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The one named, if it is there."""
        asked = screen.request.GET.get(self.name, "")
        if len(asked) != 36 or not screen.request.member.can(READ):
            return []
        return [(asked, "This campaign")]

    def condition(self, value: str) -> Q:
        """Its rows; of what is no key none."""
        return Q(campaign__in=[one.pk for one in AcknowledgementCampaign.objects.filter(pk__in=_keys(value))])


def _keys(value: str) -> list[Any]:
    try:
        return [uuid.UUID(value)]
    except ValueError:
        return []


def _policies(screen: Any) -> list[tuple[Any, str]]:
    if not screen.request.member.can(READ):
        return []
    asked = AcknowledgementCampaign.objects.values("policy")
    return [(one.pk, one.title) for one in Policy.objects.filter(pk__in=asked).only("title")]


def with_counts(campaigns: QuerySet[AcknowledgementCampaign]) -> QuerySet[Any]:
    """With how many people each asked, and how many have confirmed."""
    rows = Acknowledgement.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    confirmed = rows.filter(status="confirmed")
    return campaigns.select_related("version", "policy").annotate(
        asked=Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0),
        confirmed=Coalesce(Subquery(confirmed.annotate(n=Count("pk")).values("n")), 0),
    )


class CampaignList(RecordsExports, ListScreen):
    """Who was asked to confirm which version, and how many have."""

    permission = READ
    title = "Campaigns of acknowledgement"
    breadcrumbs = (("Acknowledgements", "policies:acknowledgements"),)
    noun = "campaigns"
    noun_one = "campaign"
    default_order = ("-started_at",)
    search_fields = ("version__title",)
    search_hint = "Words of the policy"
    primary_action = ("Ask for acknowledgement", "policies:acknowledge", WRITE)
    empty = Empty("No campaigns yet", "Ask once, or let a policy ask by itself.", ("Ask now", "policies:acknowledge"))
    columns = (
        Column("version", "Version", sort="version__title", link=True, wide=True),
        Column("origin", "Why", sort="origin", hide_below=1000),
        Column("audience", "Whom", hide_below=1000, value=lambda one: one.whom),
        Column("asked", "Asked", sort="asked", numeric=True, hide_below=700),
        Column("confirmed", "Confirmed", sort="confirmed", numeric=True),
        Column("started_at", "Begun", sort="started_at", hide_below=700),
        Column("due_on", "Confirm by", sort="due_on"),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    filters = (
        Filter("state", "State", choices=AcknowledgementCampaign.Status.choices, lookup="status"),
        Filter("origin", "Why", choices=AcknowledgementCampaign.Origin.choices),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, with their counts."""
        return with_counts(AcknowledgementCampaign.objects.all())
