"""Systems, people, populations and removals in the API."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from rest_framework import serializers

from api.forms import ObjectField
from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.problems import Refused
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from api.work import JobSerializer
from evidence import downloads
from inventory.formats.mapping import Mapping
from inventory.models import (
    Account,
    Entitlement,
    Person,
    PersonAlias,
    RejectedRow,
    Removal,
    RosterImport,
    Snapshot,
    SnapshotFile,
    System,
)
from inventory.people.actions import remove_alias
from inventory.people.roster_actions import discard_roster
from inventory.people.views import accounts, employment, identity, people, person, rosters
from inventory.removals.views import acts, removal, removals
from inventory.snapshots import actions
from inventory.snapshots.returning import take_back
from inventory.snapshots.views import prepare, rows, snapshot, snapshots
from inventory.systems import views as systems
from workflow.models import Job


class SystemSerializer(RecordSerializer[System]):
    """A system whose access is reviewed."""

    accounts = serializers.IntegerField(source="account_total", help_text="Accounts in the latest population.")
    open_removals = serializers.IntegerField()
    last_population_as_of = serializers.DateTimeField(source="last_as_of", allow_null=True)

    class Meta:
        model = System
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "criticality", "status", "source_format", "owner", "backup_reviewer", "account_meaning",
            "no_access_states", "reviewer_order", "accounts", "open_removals", "last_population_as_of",
        ]  # fmt: skip


class SystemApi(Resource):
    """Systems."""

    output = SystemSerializer
    tag = "Systems"
    list = Lists(screen=systems.SystemList)
    retrieve = Shows(screen=systems.SystemDetail)
    create = Creates(screen=systems.SystemCreate)
    partial_update = Changes(screen=systems.SystemEdit)
    retire = Does(screen=systems.SystemRetire)
    restore = Does(screen=systems.SystemRestore)


class PersonSerializer(RecordSerializer[Person]):
    """Somebody on the roster."""

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = [
            "id", "name", "email", "employee_number", "manager", "department", "title", "kind", "status", "started_on",
            "left_on", "contract_ends_on", "member",
        ]  # fmt: skip


class AliasSerializer(RecordSerializer[PersonAlias]):
    """Another address or user name of a person."""

    class Meta:
        model = PersonAlias
        fields: ClassVar[list[str]] = ["id", "person", "key", "confirmed_by", "confirmed_at"]


def _aliases(request: ApiRequest, who: Person) -> QuerySet[PersonAlias]:
    return PersonAlias.objects.filter(person=who)


def _every_alias(request: ApiRequest) -> QuerySet[PersonAlias]:
    return PersonAlias.objects.select_related("person")


def _remove_alias(request: ApiRequest, alias: PersonAlias) -> None:
    remove_alias(alias, actor=request.member)


class PersonApi(Resource):
    """People."""

    output = PersonSerializer
    tag = "People"
    list = Lists(screen=people.PersonList, filters=("status", "kind", "flag", "department"))
    retrieve = Shows(screen=person.PersonDetail)
    create = Creates(screen=employment.PersonCreate)
    partial_update = Changes(screen=employment.PersonEdit)
    leave = Does(screen=employment.PersonLeave)
    pause = Does(screen=employment.PersonPause)
    back = Does(screen=employment.PersonReturn)
    rehire = Does(screen=employment.PersonRehire)
    alias = Does(screen=identity.PersonAliasAdd)
    aliases = Gathers(permission="people.read", summary="Other addresses.", below=True, output=AliasSerializer, rows=_aliases)
    member = Does(screen=identity.PersonLink)


class AliasApi(Resource):
    """Other addresses of people."""

    output = AliasSerializer
    tag = "People"
    retrieve = Finds(permission="people.read", summary="One address.", rows=_every_alias)
    remove = Acts(permission="people.match", summary="Take an address back.", do=_remove_alias)


class AccountSerializer(RecordSerializer[Account]):
    """An account in a system, and whose it is."""

    class Meta:
        model = Account
        fields: ClassVar[list[str]] = [
            "id", "system", "account_id", "name", "display_name", "email", "kind", "person", "owner", "matched_by",
        ]  # fmt: skip


class AccountApi(Resource):
    """Accounts."""

    output = AccountSerializer
    tag = "Accounts"
    list = Lists(screen=accounts.AccountList)
    retrieve = Shows(screen=accounts.AccountList, summary="One account.")


class SnapshotSerializer(RecordSerializer[Snapshot]):
    """A system's population at one moment, as a full export said it."""

    incomplete_reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Snapshot
        fields: ClassVar[list[str]] = [
            "id", "system", "status", "source_format", "as_of", "as_of_basis", "extracted_by", "query", "filters", "stated_count",
            "stated_count_unit", "full_export", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "account_count",
            "complete", "incomplete_reasons", "digest", "created_by", "created_at", "imported_by", "imported_at",
        ]  # fmt: skip


class EntitlementSerializer(RecordSerializer[Entitlement]):
    """What an account may do, as the source had it."""

    class Meta:
        model = Entitlement
        fields: ClassVar[list[str]] = [
            "id", "account", "row_number", "entitlement_key", "role", "resource", "meaning", "privileged", "account_state",
            "no_access", "last_used_at", "last_used_state", "granted_at", "granted_by",
        ]  # fmt: skip


class RejectedRowSerializer(RecordSerializer[RejectedRow]):
    """A row that was not imported, and why."""

    class Meta:
        model = RejectedRow
        fields: ClassVar[list[str]] = ["id", "part", "row_number", "raw", "reasons"]


class ImportForm(forms.Form):
    """Whether to import although rows were rejected."""

    accept_errors = forms.BooleanField(required=False, label="Import without the rejected rows; it is not complete then")


class ColumnsForm(forms.Form):
    """Which column means what."""

    columns = ObjectField(label='Field to header, such as {"account_id": "User ID"}')
    constants = ObjectField(required=False, label="Field to one value for every row")
    privileged_values = forms.JSONField(required=False, label="A list of the roles that are privileged")
    date_order = forms.CharField(required=False, max_length=10, label="How dates are written: dmy, mdy or ymd")


def _import(request: ApiRequest, record: Snapshot, *, accept_errors: bool) -> Job:
    return actions.start_import(record, accept_errors=accept_errors, actor=request.member)


def _read(request: ApiRequest, record: Snapshot) -> Job:
    return actions.start_reading(record, actor=request.member)


class SnapshotFileSerializer(RecordSerializer[SnapshotFile]):
    """One of the files a population was read from."""

    sha256 = serializers.CharField(source="file.sha256")
    size = serializers.IntegerField(source="file.size", help_text="Bytes.")

    class Meta:
        model = SnapshotFile
        fields: ClassVar[list[str]] = ["id", "part", "name", "rows", "sha256", "size"]


def _files(request: ApiRequest, record: Snapshot) -> QuerySet[SnapshotFile]:
    return SnapshotFile.objects.filter(snapshot=record).select_related("file")


def _file_of(request: ApiRequest, record: Snapshot, *, file: str) -> FileResponse:
    try:
        found = _files(request, record).filter(pk=UUID(file)).first()
    except ValueError as error:
        raise Refused(400, "Say which: file is its id.") from error
    if found is None:
        raise Http404
    return downloads.take_away(found.file, actor=request.member, name=found.name)


def _stop(request: ApiRequest, record: Snapshot) -> None:
    take_back(record, actor=request.member)


def _map(request: ApiRequest, record: Snapshot, **given: Any) -> None:
    screen = prepare.SnapshotMapping()
    screen.setup(request._request, pk=record.pk)  # noqa: SLF001 - DRF documents it
    screen.load()
    actions.set_mapping(record, mapping=Mapping.from_dict(given), headers=screen.headers, actor=request.member)


class SnapshotApi(Resource):
    """Populations."""

    output = SnapshotSerializer
    tag = "Populations"
    list = Lists(screen=snapshots.SnapshotList)
    retrieve = Shows(screen=snapshot.SnapshotDetail)
    create = Creates(screen=prepare.SnapshotCreate, summary="Upload the files of one export, and answer what is asked about it.")
    partial_update = Changes(screen=prepare.SnapshotEdit)
    columns = Acts(permission="snapshots.write", summary="Say which column means what.", form=ColumnsForm, do=_map)
    read = Acts(permission="snapshots.write", summary="Read the files again.", output=JobSerializer, status=202, do=_read)
    import_ = Acts(
        permission="snapshots.write", summary="Import it.", form=ImportForm, output=JobSerializer, status=202, do=_import
    )
    stop = Acts(permission="snapshots.write", summary="Stop work that is not finished.", do=_stop)
    accept = Does(screen=prepare.SnapshotConfirm)
    same = Does(screen=prepare.SnapshotConfirmRepeat)
    discard = Does(screen=prepare.SnapshotDiscard)
    entitlements = Lists(screen=rows.SnapshotEntitlements, below=True, output=EntitlementSerializer)
    rejected = Lists(screen=rows.SnapshotRejected, below=True, output=RejectedRowSerializer)
    files = Gathers(
        permission="snapshots.read",
        summary="The files it was read from.",
        below=True,
        output=SnapshotFileSerializer,
        rows=_files,
    )
    file = Serves(permission="snapshots.read", summary="One of its files.", asked={"file": "The id of the file."}, do=_file_of)


class RemovalSerializer(RecordSerializer[Removal]):
    """Access that must go, followed until a later full export shows it gone."""

    task = serializers.CharField(help_text="What there is to do, in words.")

    class Meta:
        model = Removal
        fields: ClassVar[list[str]] = [
            "id", "reference", "kind", "origin", "status", "severity", "system", "account", "person", "role", "resource",
            "target_role", "task", "reason", "assignee", "requested_by", "requested_at", "due_on", "claimed_by", "claimed_at",
            "claim_note", "checked_snapshot", "checked_at", "finding", "times_reopened", "accepted_by", "accepted_reason",
            "accepted_until", "closed_at",
        ]  # fmt: skip


def _claim_file(request: ApiRequest, record: Removal) -> FileResponse:
    if record.claim_file is None:
        raise Http404
    return downloads.take_away(record.claim_file, actor=request.member)


class RemovalApi(Resource):
    """Removals."""

    output = RemovalSerializer
    tag = "Removals"
    list = Lists(screen=removals.RemovalList, filters=("state", "due", "origin", "whose", "system"))
    retrieve = Shows(screen=removal.RemovalDetail)
    claim = Does(screen=acts.RemovalClaim)
    unclaim = Does(screen=acts.RemovalUnclaim)
    accept = Does(screen=acts.RemovalAccept)
    reassign = Does(screen=acts.RemovalReassign)
    file = Serves(permission=removals.EVERYBODY, summary="The file of the claim.", do=_claim_file)


class RosterSerializer(RecordSerializer[RosterImport]):
    """A list of people from the HR system."""

    class Meta:
        model = RosterImport
        fields: ClassVar[list[str]] = ["id", "name", "status", "full_roster", "counts", "created_by", "created_at", "applied_at"]


def _discard_roster(request: ApiRequest, record: RosterImport) -> None:
    discard_roster(record, actor=request.member)


def _roster_file(request: ApiRequest, record: RosterImport) -> FileResponse:
    return downloads.take_away(record.file, actor=request.member, name=record.name)


class RosterApi(Resource):
    """Rosters. What one would change is looked at, and applied, on its page."""

    output = RosterSerializer
    tag = "People"
    list = Lists(screen=rosters.RosterList)
    retrieve = Shows(screen=rosters.RosterList, summary="One roster.")
    create = Creates(screen=rosters.RosterUpload)
    discard = Acts(permission="people.write", summary="Give it up.", do=_discard_roster)
    file = Serves(permission="people.read", summary="The file as it was uploaded.", do=_roster_file)
