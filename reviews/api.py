"""Access reviews in the API. Signing one off asks for a second factor, which is for people."""

from typing import Any, ClassVar

from django import forms
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.work import JobSerializer
from inventory.api import RemovalSerializer
from inventory.models import Person
from reviews.campaigns import overview, tables
from reviews.campaigns import views as campaigns
from reviews.deciding import items, table
from reviews.deciding.actions import decide
from reviews.deciding.forms import DecisionForm
from reviews.deciding.rules import Choice
from reviews.models import Campaign, CampaignSystem, Item
from reviews.outputs.data import TITLES, Kind
from reviews.outputs.kept import Reports, reports_of
from reviews.outputs.tasks import make_again
from reviews.reminders.on_demand import remind_reviewer
from reviews.signoff import views as signoff
from workflow.models import Job


class ScopeSerializer(RecordSerializer[CampaignSystem]):
    """A system in a review: which population is reviewed, and who is asked."""

    class Meta:
        model = CampaignSystem
        fields: ClassVar[list[str]] = [
            "id", "campaign", "system", "snapshot", "reviewer_order", "incomplete_reason", "item_count", "left_out_count",
        ]  # fmt: skip


class ReviewSerializer(RecordSerializer[Campaign]):
    """An access review."""

    quarter = serializers.CharField(help_text="Such as 2026-Q4.")
    scope = ScopeSerializer(many=True)

    class Meta:
        model = Campaign
        fields: ClassVar[list[str]] = [
            "id", "reference", "name", "quarter", "period_from", "period_to", "due_on", "instructions", "status",
            "second_reviewer", "second_reviewer_reason", "item_count", "population_digest", "created_at", "started_at",
            "signed_off_by", "signed_off_at", "sign_off_note", "decision_digest", "closed_by", "closed_at", "closing_note",
            "next_review_on", "scope",
        ]  # fmt: skip


class ItemSerializer(RecordSerializer[Item]):
    """One entitlement to decide on, and the decision. `decision` is empty while there is none."""

    role = serializers.CharField(source="entitlement.role")
    resource = serializers.CharField(source="entitlement.resource")
    decision = serializers.CharField()
    reason_code = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Item
        fields: ClassVar[list[str]] = [
            "id", "campaign", "position", "system", "account", "account_kind", "subject", "subject_name", "role", "resource",
            "privileged", "flags", "change", "reviewer", "decision", "reason_code", "reason", "target_role", "decider",
            "decided_at", "decided_in_bulk",
        ]  # fmt: skip


def _with_scope(rows: Any) -> Any:
    return rows.prefetch_related("scope__system")


def _with_entitlement(rows: Any) -> Any:
    return rows.select_related("entitlement")


def _decide(request: ApiRequest, item: Item, **given: str) -> None:
    if given["decision"] == Item.Decision.RETAIN:
        given["reason_code"] = ""
    decide(item, Choice(**given), actor=request.member)


class RemindForm(forms.Form):
    """Whom."""

    person = forms.ModelChoiceField(Person.objects.all())


class ReportForm(forms.Form):
    """Which report."""

    kind = forms.ChoiceField(choices=[(kind.value, TITLES[kind]) for kind in Kind])


class ReportFileSerializer(serializers.Serializer[Any]):
    """A file of a report: an item of evidence, read again now."""

    form = serializers.CharField(help_text="PDF, XLSX or JSON.")
    evidence = serializers.UUIDField(source="evidence.pk")
    sha256 = serializers.CharField(source="evidence.file.sha256")
    intact = serializers.BooleanField(help_text="Whether the bytes are still those that were kept.")


class KeptReportSerializer(serializers.Serializer[Any]):
    """A report as it was made once."""

    kind = serializers.ChoiceField([(kind.value, TITLES[kind]) for kind in Kind])
    reference = serializers.CharField()
    revision = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    files = ReportFileSerializer(many=True)


class ReportsSerializer(serializers.Serializer[Any]):
    """The reports of a review: the latest of each kind, and those before."""

    latest = KeptReportSerializer(many=True)
    earlier = KeptReportSerializer(many=True)


def _remind(request: ApiRequest, review: Campaign, *, person: Person) -> None:
    remind_reviewer(review, person, request.member)


def _report(request: ApiRequest, review: Campaign, *, kind: str) -> Job:
    return make_again(review, Kind(kind), actor=request.member)


def _reports(request: ApiRequest, review: Campaign) -> Reports:
    return reports_of(review)


class ReviewApi(Resource):
    """Reviews."""

    output = ReviewSerializer
    tag = "Reviews"
    list = Lists(screen=campaigns.CampaignList, widen=_with_scope)
    mine = Lists(screen=table.MyCampaigns, widen=_with_scope)
    retrieve = Shows(screen=overview.CampaignDetail)
    create = Creates(screen=campaigns.CampaignCreate)
    partial_update = Changes(screen=campaigns.CampaignEdit)
    start = Does(screen=campaigns.CampaignStart)
    hand_over = Does(screen=overview.CampaignHandOver)
    cancel = Does(screen=campaigns.CampaignCancel)
    close = Does(screen=signoff.Close)
    remind = Acts(permission="reviews.write", summary="Remind a reviewer now.", form=RemindForm, do=_remind)
    reports = Tells(
        permission="reviews.read", summary="The reports that were made of it.", below=True, output=ReportsSerializer, do=_reports
    )
    report = Acts(
        permission="reviews.write",
        summary="Have a report made again.",
        form=ReportForm,
        output=JobSerializer,
        status=202,
        do=_report,
    )
    items = Lists(screen=tables.ItemList, below=True, output=ItemSerializer, widen=_with_entitlement)
    removals = Lists(screen=tables.RemovalList, below=True, output=RemovalSerializer)
    my_items = Lists(screen=table.Deciding, below=True, output=ItemSerializer, widen=_with_entitlement)


class ScopeApi(Resource):
    """Systems of drafts."""

    output = ScopeSerializer
    tag = "Reviews"
    retrieve = Shows(screen=campaigns.ScopeEdit, summary="A system of a review.")
    partial_update = Changes(screen=campaigns.ScopeEdit)


class ItemApi(Resource):
    """Items."""

    output = ItemSerializer
    tag = "Reviews"
    holds = False  # deciding locks the review before its items, and so must everybody
    retrieve = Shows(screen=items.ItemDetail)
    decide = Acts(
        permission="reviews.decide", summary="Decide on an item that is routed to oneself.", form=DecisionForm, do=_decide
    )
    reassign = Does(screen=items.ItemReassign)
