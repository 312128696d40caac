"""Data classes, the inventory, retention, holds, customers who left, notices and consents in the API."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from evidence.downloads import take_away
from privacy.classes import listing as class_lists
from privacy.classes import views as classes
from privacy.customers import actions as customer_actions
from privacy.customers import forms as customer_forms
from privacy.customers import views as customers
from privacy.models import (
    Consent,
    CustomerStep,
    DataClass,
    DataSet,
    DeletionCertificate,
    EndedCustomer,
    LegalHold,
    Notice,
    NoticeVersion,
    RetentionSchedule,
)
from privacy.notices import actions as notice_actions
from privacy.notices import consents
from privacy.notices import forms as notice_forms
from privacy.notices import views as notices
from privacy.retention import holds, schedules
from privacy.retention import listing as retention_lists
from privacy.retention import views as certificates
from privacy.rights import READ, WRITE


class DataClassSerializer(RecordSerializer[DataClass]):
    """A class of data, its label, and how it is handled."""

    class Meta:
        model = DataClass
        fields: ClassVar[list[str]] = ["id", "name", "rank", "label", "personal", "meaning", "handling", "status"]


class DataSetSerializer(RecordSerializer[DataSet]):
    """An entry of the data inventory."""

    class Meta:
        model = DataSet
        fields: ClassVar[list[str]] = [
            "id", "name", "data_class", "content", "system", "location", "subjects", "purpose", "basis", "basis_note",
            "recipients", "transfers", "schedule", "owner", "status",
        ]  # fmt: skip


class RetentionScheduleSerializer(RecordSerializer[RetentionSchedule]):
    """How long one kind of data stays, and why."""

    class Meta:
        model = RetentionSchedule
        fields: ClassVar[list[str]] = [
            "id", "reference", "name", "kind", "system", "control", "days", "counted_from", "reason", "method", "automatic",
            "report_days", "owner", "ran_on", "made_at", "status",
        ]  # fmt: skip


class LegalHoldSerializer(RecordSerializer[LegalHold]):
    """Data that must stay. Whose it is, is said to nobody who cannot place holds."""

    class Meta:
        model = LegalHold
        fields: ClassVar[list[str]] = [
            "id", "reference", "matter", "reason", "kinds", "since", "until", "placed_by", "placed_at", "lifted_by", "lifted_at",
            "lifted_reason", "status", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class DeletionCertificateSerializer(RecordSerializer[DeletionCertificate]):
    """What was deleted, how many, under what, by whom. `digest` is the SHA-256 of the list of what went."""

    class Meta:
        model = DeletionCertificate
        fields: ClassVar[list[str]] = [
            "id", "reference", "what", "count", "held", "older_than", "schedule", "customer", "under", "method", "made_by", "by",
            "made_at", "digest",
        ]  # fmt: skip


class EndedCustomerSerializer(RecordSerializer[EndedCustomer]):
    """A customer who left."""

    class Meta:
        model = EndedCustomer
        fields: ClassVar[list[str]] = [
            "id", "reference", "name", "former_names", "ended_on", "due_on", "agreed", "owner", "opened_by", "opened_at",
            "closed_at", "status", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class CustomerStepSerializer(RecordSerializer[CustomerStep]):
    """Data of such a customer in one place."""

    class Meta:
        model = CustomerStep
        fields: ClassVar[list[str]] = [
            "id", "customer", "what", "place", "dataset", "owner", "done_on", "done_by", "records", "method", "verified",
            "status", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class NoticeSerializer(RecordSerializer[Notice]):
    """A privacy notice."""

    class Meta:
        model = Notice
        fields: ClassVar[list[str]] = ["id", "name", "audience", "place", "status"]


class NoticeVersionSerializer(RecordSerializer[NoticeVersion]):
    """A version of a notice."""

    class Meta:
        model = NoticeVersion
        fields: ClassVar[list[str]] = [
            "id", "notice", "number", "text", "changed", "in_force_from", "sha256", "written_by", "written_at", "published_by",
            "published_at", "status", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class ConsentSerializer(RecordSerializer[Consent]):
    """Somebody agreed to something."""

    class Meta:
        model = Consent
        fields: ClassVar[list[str]] = [
            "id", "version", "name", "email", "purpose", "how", "given_at", "withdrawn_at", "note", "status",
        ]  # fmt: skip


def _add_step(request: ApiRequest, case: EndedCustomer, **said: Any) -> CustomerStep:
    return customer_actions.add_step(case, actor=request.member, **_plain(said))


def _write_version(request: ApiRequest, notice: Notice, **said: Any) -> NoticeVersion:
    return notice_actions.write_version(notice, actor=request.member, **_plain(said))


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in ("once", "seen")}


def _pdf(request: ApiRequest, certificate: DeletionCertificate) -> HttpResponseBase:
    return certificates.certificate_pdf_of(certificate, request.member)


def _listed(request: ApiRequest, certificate: DeletionCertificate) -> HttpResponseBase:
    return take_away(certificate.listed, actor=request.member, name=f"{certificate.reference}.txt")


class DataClassApi(Resource):
    """Classes of data."""

    output = DataClassSerializer
    tag = "Data and retention"
    list = Lists(screen=class_lists.ClassList)
    retrieve = Shows(screen=classes.ClassDetail)
    create = Creates(screen=classes.ClassCreate)
    partial_update = Changes(screen=classes.ClassEdit)
    retire = Does(screen=classes.ClassRetire)
    restore = Does(screen=classes.ClassRestore)


class DataSetApi(Resource):
    """The data inventory."""

    output = DataSetSerializer
    tag = "Data and retention"
    list = Lists(screen=class_lists.DataSetList, filters=("class",))
    retrieve = Shows(screen=classes.DataSetDetail)
    create = Creates(screen=classes.DataSetCreate)
    partial_update = Changes(screen=classes.DataSetEdit)
    retire = Does(screen=classes.DataSetRetire)
    restore = Does(screen=classes.DataSetRestore)


class RetentionScheduleApi(Resource):
    """Retention schedules."""

    output = RetentionScheduleSerializer
    tag = "Data and retention"
    list = Lists(screen=retention_lists.ScheduleList)
    retrieve = Shows(screen=schedules.ScheduleDetail)
    create = Creates(screen=schedules.ScheduleCreate)
    partial_update = Changes(screen=schedules.ScheduleEdit)
    retire = Does(screen=schedules.ScheduleRetire)
    restore = Does(screen=schedules.ScheduleRestore)


class LegalHoldApi(Resource):
    """Legal holds."""

    output = LegalHoldSerializer
    tag = "Data and retention"
    list = Lists(screen=retention_lists.HoldList)
    retrieve = Shows(screen=holds.HoldDetail)
    create = Creates(screen=holds.HoldCreate)


class DeletionCertificateApi(Resource):
    """What was deleted."""

    output = DeletionCertificateSerializer
    tag = "Data and retention"
    list = Lists(screen=retention_lists.CertificateList, filters=("what",))
    retrieve = Shows(screen=certificates.CertificateDetail)
    pdf = Serves(permission=READ, summary="It as PDF; 404 until a worker has printed it.", do=_pdf)
    listed = Serves(permission=READ, summary="The list of what was deleted: ids, a line each.", do=_listed)


class EndedCustomerApi(Resource):
    """Customers who left."""

    output = EndedCustomerSerializer
    tag = "Data and retention"
    list = Lists(screen=customers.CustomerList)
    retrieve = Shows(screen=customers.CustomerDetail)
    create = Creates(screen=customers.CustomerCreate)
    partial_update = Changes(screen=customers.CustomerEdit)
    add_place = Acts(
        permission=WRITE,
        summary="Name data of theirs in one place.",
        form=customer_forms.StepForm,
        do=_add_step,
        output=CustomerStepSerializer,
        status=201,
    )
    close = Does(screen=customers.CustomerClose)
    cancel = Does(screen=customers.CustomerCancel)


class CustomerStepApi(Resource):
    """What is returned or destroyed where."""

    output = CustomerStepSerializer
    tag = "Data and retention"
    retrieve = Shows(screen=customers.StepDetail)
    do_it = Does(screen=customers.StepDo)
    reopen = Does(screen=customers.StepReopen)


class NoticeApi(Resource):
    """Privacy notices."""

    output = NoticeSerializer
    tag = "Notices and consents"
    list = Lists(screen=notices.NoticeList)
    retrieve = Shows(screen=notices.NoticeDetail)
    create = Creates(screen=notices.NoticeCreate)
    partial_update = Changes(screen=notices.NoticeEdit)
    write_version = Acts(
        permission=WRITE,
        summary="Write the next version, as a draft.",
        form=notice_forms.VersionForm,
        do=_write_version,
        output=NoticeVersionSerializer,
        status=201,
    )
    retire = Does(screen=notices.NoticeRetire)
    restore = Does(screen=notices.NoticeRestore)


class NoticeVersionApi(Resource):
    """Versions of notices."""

    output = NoticeVersionSerializer
    tag = "Notices and consents"
    retrieve = Shows(screen=notices.VersionDetail)
    partial_update = Changes(screen=notices.VersionEdit)
    publish = Does(screen=notices.VersionPublish)


class ConsentApi(Resource):
    """Consents."""

    output = ConsentSerializer
    tag = "Notices and consents"
    list = Lists(screen=consents.ConsentList, filters=("notice",))
    retrieve = Shows(screen=consents.ConsentDetail)
    create = Creates(screen=consents.ConsentCreate)
    withdraw = Does(screen=consents.ConsentWithdraw)
