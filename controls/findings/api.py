"""Findings in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.findings import actions, acts, listing, views
from controls.findings.listing import EVERYBODY
from controls.findings.rights import visible_to
from controls.models import Finding, FindingEvidence
from workflow.once import OnceReasonForm


class FindingSerializer(RecordSerializer[Finding]):
    """Something that has to be put right."""

    class Meta:
        model = Finding
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "source", "test", "occurrence", "control", "criterion", "severity", "risk", "remediation",
            "evidence_required", "owner", "due_on", "status", "opened_by", "opened_at", "remediated_by", "remediated_at", "done",
            "retested_by", "retested_on", "retest_note", "accepted_by", "accepted_at", "accepted_reason", "accepted_until",
            "closed_at", "times_reopened",
        ]  # fmt: skip


class FindingProofSerializer(RecordSerializer[FindingEvidence]):
    """Evidence that a finding was put right."""

    reference = serializers.CharField(source="evidence.reference")
    title = serializers.CharField(source="evidence.title")

    class Meta:
        model = FindingEvidence
        fields: ClassVar[list[str]] = ["id", "finding", "evidence", "reference", "title", "status", "linked_by", "linked_at"]


def _start(request: ApiRequest, finding: Finding) -> None:
    actions.start(finding, actor=request.member)


def _linked(request: ApiRequest, finding: Finding) -> QuerySet[FindingEvidence]:
    return FindingEvidence.objects.filter(finding=finding, status=FindingEvidence.Status.LINKED).select_related("evidence")


def _proofs(request: ApiRequest) -> QuerySet[FindingEvidence]:
    return FindingEvidence.objects.filter(finding__in=visible_to(request.member)).select_related("evidence", "finding__owner")


def _unlink(request: ApiRequest, proof: FindingEvidence, *, reason: str) -> None:
    actions.unlink(proof, actor=request.member, reason=reason)


def _file(request: ApiRequest, proof: FindingEvidence) -> HttpResponseBase:
    return views.serve(request.member, proof.finding, proof.pk)


class FindingApi(Resource):
    """Findings."""

    output = FindingSerializer
    tag = "Findings"
    list = Lists(screen=listing.FindingList, filters=("state", "severity", "due", "whose", "source"))
    retrieve = Shows(screen=views.FindingDetail)
    create = Creates(screen=views.FindingCreate)
    partial_update = Changes(screen=acts.FindingEdit)
    hand_on = Does(screen=acts.FindingHandOn)
    start = Acts(permission=EVERYBODY, summary="Begin to put it right.", do=_start)
    evidence = Gathers(
        permission=EVERYBODY, summary="What is linked to it.", below=True, output=FindingProofSerializer, rows=_linked
    )
    supply = Does(screen=acts.FindingSupply)
    hand_in = Does(screen=acts.FindingHandIn)
    accept = Does(screen=acts.FindingAccept)
    lapse = Does(screen=acts.FindingLapse)
    reopen = Does(screen=acts.FindingReopen)
    retest = Does(screen=acts.FindingRetest)


class FindingProofApi(Resource):
    """Evidence of findings."""

    output = FindingProofSerializer
    tag = "Findings"
    holds = False  # the action locks the finding before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One link.", rows=_proofs)
    remove = Acts(permission=EVERYBODY, summary="Take it away from the finding.", form=OnceReasonForm, do=_unlink)
    file = Serves(permission=EVERYBODY, summary="Its file.", do=_file)
