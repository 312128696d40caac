"""Deployments and the gate in the API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from api.idempotency import once
from api.operations import Does, Lists, Operation, Shows, Tells
from api.problems import invalid, pointer
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from changes.deployments import listing, views
from changes.deployments.actions import MOST, Outcome, report
from changes.deployments.coverage_api import RECONCILES, CoverageSerializer, covered
from changes.deployments.gate_api import GateSerializer, asked
from changes.deployments.reading import FIELDS, SOURCE
from changes.models import Classification, Deployment
from changes.models.deployment import Reason

if TYPE_CHECKING:
    from django.http import HttpResponse

_SOURCE = f"The system that reports: letters, digits and . _ : / -, at most 60. `{SOURCE.pattern}`"


class ReportedSerializer(serializers.Serializer[Any]):
    """A deployment as a pipeline reports it."""

    id = serializers.CharField(max_length=200, help_text="The system's own id of this deployment: the same again is a duplicate.")
    environment = serializers.CharField(max_length=40, help_text="Where it went, such as production.")
    commit = serializers.CharField(max_length=64, required=False, help_text="The whole hash, 40 or 64 hexadecimal digits.")
    change = serializers.CharField(max_length=20, required=False, help_text="The number of its change, if the pipeline knows it.")
    repository = serializers.CharField(max_length=200, required=False, help_text="Such as larkfield/billing.")
    service = serializers.CharField(max_length=120, required=False, help_text="What was deployed.")
    system = serializers.CharField(max_length=120, required=False, help_text="Name or id of one of the systems here.")
    deployed_at = serializers.DateTimeField(required=False, help_text="With its zone; now when it is left out.")
    deployed_by = serializers.CharField(max_length=200, required=False, help_text="E-mail, user name or machine.")
    bot = serializers.BooleanField(required=False, help_text="By a machine; worked out from the name when it is left out.")
    outcome = serializers.ChoiceField(Deployment.Outcome.choices, required=False)
    url = serializers.CharField(max_length=500, required=False, help_text="Where the run can be looked at.")


class ReportSerializer(ReportedSerializer):
    """One deployment; or up to 500 of one system in `deployments`; or, with `ask`, a question whether one may go now."""

    id = serializers.CharField(max_length=200, required=False)
    environment = serializers.CharField(max_length=40, required=False)
    deployments = ReportedSerializer(many=True, required=False)
    ask = serializers.BooleanField(required=False, help_text="Keep no deployment; answer whether this commit may go there now.")

    def get_fields(self) -> dict[str, Any]:
        """With their system, by a name that serializers use themselves."""
        return {"source": serializers.RegexField(f"^{SOURCE.pattern}$", help_text=_SOURCE), **super().get_fields()}


class DeploymentOutcomeSerializer(serializers.Serializer[Any]):
    """What became of one deployment."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    external_id = serializers.CharField()
    status = serializers.ChoiceField(["accepted", "duplicate", "refused"])
    id = serializers.UUIDField(allow_null=True)
    classification = serializers.ChoiceField(Classification.choices, allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="Why it falls into its class, in a sentence.")
    change = serializers.CharField(allow_null=True, help_text="The number of its change.")
    problem = serializers.DictField(allow_null=True, help_text="What is wrong with it, as problem details.")


class AnsweredSerializer(serializers.Serializer[Any]):
    """A result for each deployment, in their order; or, to a question, the gate's answer."""

    accepted = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = DeploymentOutcomeSerializer(many=True)
    gate = GateSerializer(allow_null=True)


class DeploymentSerializer(RecordSerializer[Deployment]):
    """A deployment as it was reported, and how it is accounted for."""

    change_reference = serializers.SerializerMethodField()
    reason_words = serializers.CharField(source="get_reason_display")

    def get_change_reference(self, one: Deployment) -> str:
        """The number of its change."""
        return one.change.reference if one.change else ""

    class Meta:
        model = Deployment
        fields: ClassVar[list[str]] = [
            "id", "external_id", "environment", "service", "system", "repository", "commit", "deployed_at", "deployed_by",
            "person", "is_bot", "outcome", "change_named", "url", "batch", "classification", "reason", "reason_words", "notes",
            "change", "change_reference", "matched_by",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """With its system, by a name that serializers use themselves."""
        return {**super().get_fields(), "source": serializers.CharField()}


@dataclass(frozen=True, kw_only=True)
class Reports(Operation):
    """One deployment or up to 500, or a question; once for each Idempotency-Key."""

    def input(self, name: str, *, files: bool = True) -> type[serializers.Serializer[Any]]:
        """For the schema; what was sent is read by hand, with a result for each."""
        return ReportSerializer

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> "Response | HttpResponse":
        """Keep what can be kept, or answer."""
        return once(request, lambda: self._do(request))

    def _do(self, request: ApiRequest) -> Response:
        data: Any = request.data
        if errors := list(_misfits(data)):
            raise invalid(errors)
        if data.get("ask"):
            return Response(_told([], gate=asked(request, data)))
        single = "deployments" not in data
        items = (
            [{name: value for name, value in data.items() if name not in {"source", "ask"}}] if single else data["deployments"]
        )
        found = report(items, source=data["source"], actor=request.member)
        if single and found[0].errors:
            raise invalid((pointer(*([name] if name else [])), words) for name, words in found[0].errors)
        return Response(_told(found))


def _misfits(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the request as a whole."""
    source, many = data.get("source"), data.get("deployments")
    if not isinstance(source, str) or SOURCE.fullmatch(source) is None:
        yield pointer("source"), "Name the system that reports, in letters, digits and . _ : / -, at most 60."
    if "deployments" in data and not (isinstance(many, list) and 1 <= len(many) <= MOST):
        yield pointer("deployments"), f"Send from 1 to {MOST} deployments."
    if not isinstance(data.get("ask", False), bool):
        yield pointer("ask"), "Say true or false."
    elif data.get("ask") and "deployments" in data:
        yield pointer("deployments"), "Ask for one at a time."
    known = {"source", "deployments", "ask"} | (set() if "deployments" in data else set(FIELDS))
    yield from ((pointer(name), "There is no such field.") for name in data if name not in known)


_COUNTED = {"accepted": "accepted", "duplicates": "duplicate", "refused": "refused"}


def _told(found: list[Outcome], gate: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a report; one query for what the deployments came to."""
    keys = [one.id for one in found if one.id]
    rows = Deployment.objects.filter(pk__in=keys).select_related("change") if keys else []
    kept: dict[UUID | None, Deployment] = {row.pk: row for row in rows}
    counts = {name: sum(one.status == status for one in found) for name, status in _COUNTED.items()}
    results = [_shown(index, one, kept.get(one.id)) for index, one in enumerate(found)]
    return {**counts, "results": results, "gate": gate}


def _shown(index: int, one: Outcome, kept: Deployment | None) -> dict[str, Any]:
    return {
        "index": index,
        "external_id": one.external_id,
        "status": one.status,
        "id": str(one.id) if one.id else None,
        "classification": kept.classification if kept else None,
        "reason": str(Reason(kept.reason).label) if kept else None,
        "change": kept.change.reference if kept and kept.change else None,
        "problem": None if kept else _problem(one),
    }


def _problem(one: Outcome) -> dict[str, Any]:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    errors = [{"pointer": pointer(*([name] if name else [])), "detail": words} for name, words in one.errors]
    about = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return {**about, "detail": "This deployment was not kept.", "errors": errors}


class DeploymentApi(Resource):
    """Deployments."""

    output = DeploymentSerializer
    tag = "Deployments"
    list = Lists(screen=listing.DeploymentList, filters=("environment", "from", "to", "change"))
    retrieve = Shows(screen=views.DeploymentDetail)
    create = Reports(
        permission="deployments.write",
        summary="Report a deployment, or up to 500; or ask whether one may go.",
        words="Permission: `deployments.write`. A report of one that is wrong answers 422; in a report of several each has a "
        "result of its own. With `ask` nothing is kept as deployed: `gate` says whether this commit may go there now.",
        output=AnsweredSerializer,
    )
    coverage = Tells(
        permission="changes.read",
        summary="What the deployments of a span of days add up to.",
        asked={"from": "The first day; 30 days in all unless it is named.", "to": "The last day; today unless it is named."},
        do=covered,
        output=CoverageSerializer,
    )
    reconcile = RECONCILES
    link = Does(screen=views.DeploymentLinkScreen)
    unlink = Does(screen=views.DeploymentUnlink)
