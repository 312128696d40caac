"""Controls, what proves them, their occurrences and their tests in the API."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.forms import ObjectField
from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.problems import Refused
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.catalogue import detail, listing, proofs, writing
from controls.catalogue.actions import answer_criteria
from controls.criteria import CRITERIA
from controls.evidence import proofs_seen_by
from controls.models import Control, ControlCriterion, ControlEvidence, ControlState, ControlTest, Occurrence
from controls.occurrences import actions as occurrence_actions
from controls.occurrences import listing as occurrences
from controls.occurrences import several
from controls.occurrences import views as occurrence
from controls.testing import views as testing
from ui.forms import FilesField


class AnswerSerializer(RecordSerializer[ControlCriterion]):
    """A criterion that a control answers, and how."""

    class Meta:
        model = ControlCriterion
        fields: ClassVar[list[str]] = ["criterion", "note"]


class StateSerializer(RecordSerializer[ControlState]):
    """What dated facts say of a control in a period. Nobody sets it."""

    class Meta:
        model = ControlState
        fields: ClassVar[list[str]] = [
            "period", "as_of", "in_scope", "design", "operation", "reasons", "evidence_count", "expected", "on_time",
            "last_tested_on", "next_due_on",
        ]  # fmt: skip


class ControlSerializer(RecordSerializer[Control]):
    """A control, the criteria it answers, and its state in the period (`period` in the address, else the present one)."""

    answers = AnswerSerializer(many=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Control
        fields: ClassVar[list[str]] = [
            "id", "code", "title", "objective", "operation", "owner", "owner_role", "cadence", "population", "grace_days",
            "in_scope_since", "retired_on", "status", "evidence_expected", "test_procedure", "instructions", "legs",
            "legs_reason", "priority", "library_key", "created_at", "answers", "state",
        ]  # fmt: skip

    @extend_schema_field(StateSerializer(allow_null=True))
    def get_state(self, control: Control) -> Any:
        """None where there is no period."""
        state = getattr(control, "state", None)
        return None if state is None else StateSerializer(state).data


class AnswersForm(forms.Form):
    """Which criteria it answers, and how."""

    answers = ObjectField(label='Criterion to note, such as {"CC6.1": "..."}; what is left out is not answered any more')

    def clean_answers(self) -> dict[str, str]:
        """Criteria that exist."""
        given: dict[str, str] = self.cleaned_data["answers"]
        for key in given:
            if key not in CRITERIA:
                raise forms.ValidationError(f"There is no criterion {key[:20]}.")
        return given


def _answer(request: ApiRequest, control: Control, *, answers: dict[str, str]) -> None:
    answer_criteria(control, answers, actor=request.member)


class TestSerializer(RecordSerializer[ControlTest]):
    """A test of a control. It is never changed; a later one supersedes it."""

    class Meta:
        model = ControlTest
        fields: ClassVar[list[str]] = [
            "id", "control", "tested_on", "tester", "procedure", "population", "sample", "population_note", "items_tested",
            "exceptions_found", "result", "notes", "next_due_on", "status", "superseded_by", "recorded_at",
        ]  # fmt: skip


class OccurrenceSerializer(RecordSerializer[Occurrence]):
    """One time a control is expected to work."""

    class Meta:
        model = Occurrence
        fields: ClassVar[list[str]] = [
            "id", "control", "kind", "key", "label", "starts_on", "ends_on", "opens_on", "due_on", "missed_after", "status",
            "performed_on", "told_on", "counts_on", "performed_by", "statement", "stated_by", "stated_at",
        ]  # fmt: skip


class ProofSerializer(RecordSerializer[ControlEvidence]):
    """Evidence for one leg of a control, for one of its occurrences where it shows the control at work."""

    reference = serializers.CharField(source="evidence.reference")
    title = serializers.CharField(source="evidence.title")

    class Meta:
        model = ControlEvidence
        fields: ClassVar[list[str]] = [
            "id", "control", "leg", "occurrence", "evidence", "reference", "title", "status", "note", "linked_by", "linked_at",
        ]  # fmt: skip


def _proofs(request: ApiRequest, **of: Any) -> QuerySet[ControlEvidence]:
    return proofs_seen_by(request.member).filter(**of).select_related("evidence")


def _of_control(request: ApiRequest, control: Control) -> QuerySet[ControlEvidence]:
    return _proofs(request, control=control, status=ControlEvidence.Status.LINKED)


def _of_occurrence(request: ApiRequest, row: Occurrence) -> QuerySet[ControlEvidence]:
    return _proofs(request, occurrence=row, status=ControlEvidence.Status.LINKED)


def _with_answers(rows: Any) -> Any:
    return rows.prefetch_related("answers")


class ControlApi(Resource):
    """Controls."""

    output = ControlSerializer
    tag = "Controls"
    list = Lists(screen=listing.ControlList, filters=("scope",), also=("period",), widen=_with_answers)
    retrieve = Shows(screen=detail.ControlDetail)
    create = Creates(screen=writing.ControlCreate)
    partial_update = Changes(screen=writing.ControlEdit)
    owner = Does(screen=writing.OwnerEdit)
    frequency = Does(screen=writing.CadenceEdit)
    legs = Does(screen=writing.LegsEdit)
    systems = Does(screen=writing.SystemsEdit)
    criteria = Acts(permission="controls.write", summary="Say which criteria it answers, and how.", form=AnswersForm, do=_answer)
    retire = Does(screen=writing.ControlRetire)
    restore = Does(screen=writing.ControlRestore)
    configuration_change = Does(screen=occurrence.ConfigurationChange, output=OccurrenceSerializer, status=201)
    perform_several = Does(screen=several.OccurrenceSeveral, output=OccurrenceSerializer)
    link = Does(screen=proofs.LinkEvidence)
    evidence = Gathers(
        permission="controls.read", summary="What its legs stand on.", below=True, output=ProofSerializer, rows=_of_control
    )
    test = Does(screen=testing.TestRecord, output=TestSerializer, status=201)


class ProofApi(Resource):
    """Links of evidence to controls."""

    output = ProofSerializer
    tag = "Controls"
    retrieve = Finds(permission="controls.read", summary="One link.", rows=_proofs)
    remove = Does(screen=proofs.UnlinkEvidence)


class TestApi(Resource):
    """Tests of controls."""

    output = TestSerializer
    tag = "Tests of controls"
    list = Lists(screen=testing.TestList, filters=("result", "due", "status", "control"))
    retrieve = Shows(screen=testing.TestDetail)


class PerformForm(forms.Form):
    """When it was done, and what shows it."""

    performed_on = forms.DateField(label="Performed on")
    statement = forms.CharField(required=False, max_length=4000, label="What was done")
    title = forms.CharField(required=False, max_length=200, label="What the evidence is called")
    uploads = FilesField(required=False, label="Files that show it; not needed where evidence was linked before")


def _perform(request: ApiRequest, row: Occurrence, **given: Any) -> None:
    occurrence_actions.perform(row, actor=request.member, **given)


def _file(request: ApiRequest, row: Occurrence, *, evidence: str) -> HttpResponseBase:
    try:
        key = UUID(evidence)
    except ValueError as error:
        raise Refused(400, "Say of which item: evidence is its id.") from error
    return occurrence.serve(request.member, row, key)


class OccurrenceApi(Resource):
    """Occurrences."""

    output = OccurrenceSerializer
    tag = "Occurrences"
    list = Lists(screen=occurrences.OccurrenceList, filters=("show", "state", "owner", "period", "month", "scope", "control"))
    retrieve = Shows(screen=occurrence.OccurrencePage, summary="One occurrence.")
    perform = Acts(
        permission=occurrence.EVERYBODY, summary="Say that it was done, with its evidence.", form=PerformForm, do=_perform
    )
    evidence = Gathers(
        permission=occurrence.EVERYBODY, summary="What shows it.", below=True, output=ProofSerializer, rows=_of_occurrence
    )
    file = Serves(
        permission=occurrence.EVERYBODY,
        summary="A file of it, or of an earlier one of its control.",
        asked={"evidence": "The id of the item."},
        do=_file,
    )
    supply = Does(screen=occurrence.OccurrenceSupply)
    nothing = Does(screen=occurrence.OccurrenceNothing)
    excuse = Does(screen=occurrence.OccurrenceExcuse)
    reopen = Does(screen=occurrence.OccurrenceReopen)
