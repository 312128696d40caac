"""Documents of vendors, what reports expect of us, and answers to questionnaires in the API."""

from typing import ClassVar

from api.operations import Acts, Changes, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds
from vendors.documents import views
from vendors.models import DocumentDuty, DocumentSubservice, QuestionnaireAnswer, VendorDocument, VendorQuestionnaire
from vendors.questionnaires import views as questionnaires
from vendors.questionnaires.actions import follow_answer
from vendors.rights import READ


class VendorSubserviceSerializer(RecordSerializer[DocumentSubservice]):
    """A subservice organization that a report names."""

    class Meta:
        model = DocumentSubservice
        fields: ClassVar[list[str]] = ["id", "name", "service", "method", "expected"]


class VendorDutySerializer(RecordSerializer[DocumentDuty]):
    """What a report expects of us, and the control of ours that does it."""

    class Meta:
        model = DocumentDuty
        fields: ClassVar[list[str]] = ["id", "document", "place", "text", "control", "owner", "reason", "status"]


class ListedVendorDocumentSerializer(RecordSerializer[VendorDocument]):
    """What a vendor has shown us."""

    class Meta:
        model = VendorDocument
        fields: ClassVar[list[str]] = [
            "id", "vendor", "kind", "title", "evidence", "issued_on", "expires_on", "report_type", "period_from", "period_to",
            "opinion", "auditor", "exceptions", "notes", "status", "added_by", "added_at",
        ]  # fmt: skip


class VendorDocumentSerializer(ListedVendorDocumentSerializer):
    """With what it expects of us, and whom it leans on."""

    duties = VendorDutySerializer(many=True, read_only=True)
    subservices = VendorSubserviceSerializer(many=True, read_only=True)

    class Meta(ListedVendorDocumentSerializer.Meta):
        fields: ClassVar[list[str]] = [*ListedVendorDocumentSerializer.Meta.fields, "duties", "subservices"]


class VendorAnswerSerializer(RecordSerializer[QuestionnaireAnswer]):
    """One question and what was answered."""

    class Meta:
        model = QuestionnaireAnswer
        fields: ClassVar[list[str]] = [
            "id", "place", "section", "question", "answer", "comment", "weight", "reading", "finding",
        ]  # fmt: skip


class VendorQuestionnaireSerializer(RecordSerializer[VendorQuestionnaire]):
    """A file of answers, and what they came to."""

    answers = VendorAnswerSerializer(many=True, read_only=True)

    class Meta:
        model = VendorQuestionnaire
        fields: ClassVar[list[str]] = [
            "id", "vendor", "title", "evidence", "answered_on", "score", "questions", "not_met", "unclear", "made_by", "made_at",
            "answers",
        ]  # fmt: skip


class VendorDocumentApi(Resource):
    """Documents of vendors."""

    output = VendorDocumentSerializer
    tag = "Vendors"
    list = Lists(screen=views.DocumentList, filters=("state", "kind", "expiry"), output=ListedVendorDocumentSerializer)
    retrieve = Shows(screen=views.DocumentDetail)
    partial_update = Changes(screen=views.DocumentEdit)
    withdraw = Does(screen=views.DocumentWithdraw)
    add_duties = Does(screen=views.DutiesAdd)
    add_subservice = Does(screen=views.SubserviceAdd)


class VendorDutyApi(Resource):
    """What reports of vendors expect of us."""

    output = VendorDutySerializer
    tag = "Vendors"
    retrieve = Finds(permission=READ, summary="One of them.", rows=lambda _: DocumentDuty.objects.all())
    map = Does(screen=views.DutyMap)
    spare = Does(screen=views.DutySpare)


class QuestionnaireApi(Resource):
    """Answers of vendors to questionnaires."""

    output = VendorQuestionnaireSerializer
    tag = "Vendors"
    retrieve = Shows(screen=questionnaires.QuestionnaireDetail)


def _follow(request: ApiRequest, answer: QuestionnaireAnswer) -> None:
    follow_answer(answer, actor=request.member)


class QuestionnaireAnswerApi(Resource):
    """Answers of vendors, one by one."""

    output = VendorAnswerSerializer
    tag = "Vendors"
    retrieve = Finds(permission=READ, summary="One answer.", rows=lambda _: QuestionnaireAnswer.objects.all())
    follow = Acts(permission="findings.write", summary="Raise a finding of it.", do=_follow)
