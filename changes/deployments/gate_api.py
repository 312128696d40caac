"""The gate in the API: asked for a change by its address, or in a report of a deployment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.response import Response

from api.operations import Lists, Shows, Tells
from api.problems import Refused, invalid, pointer
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from changes.deployments import gate, listing
from changes.deployments.reading import FULL, TEXTS
from changes.models import Change, GateAnswer
from tenancy.scope import now

_WHOLE = re.compile(rf"[0-9a-f]{{{FULL[0]}}}|[0-9a-f]{{{FULL[1]}}}")


class ReasonSerializer(serializers.Serializer[Any]):
    """Why not."""

    code = serializers.CharField()
    words = serializers.CharField()


class GateSerializer(serializers.Serializer[Any]):
    """Whether a commit may go to an environment now. `id` is that of the answer as it is kept."""

    id = serializers.UUIDField()
    allowed = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    change = serializers.CharField(allow_null=True, help_text="The number of the change.")
    commit = serializers.CharField()
    environment = serializers.CharField()
    asked_at = serializers.DateTimeField()


class GateAnswerSerializer(RecordSerializer[GateAnswer]):
    """What a pipeline was told. `reasons` are in the order of `codes`."""

    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = GateAnswer
        fields: ClassVar[list[str]] = [
            "id", "change", "repository", "commit", "environment", "allowed", "codes", "reasons", "asked_at", "asked_by", "token",
        ]  # fmt: skip


def asked(request: ApiRequest, data: Mapping[str, Any]) -> dict[str, Any]:
    """The gate's answer to a question in the form of a deployment."""
    texts = {name: data.get(name) or "" for name in ("commit", "environment", "repository", "change")}
    errors = [(pointer(name), "This is a text.") for name, value in texts.items() if not isinstance(value, str)]
    if not errors:
        errors = list(_unaskable(texts["commit"], texts["environment"]))
        errors += [
            (pointer(name), f"At most {most} characters, all of them printable.")
            for name, most in (("repository", TEXTS["repository"]), ("change", 40))
            if len(texts[name]) > most or not texts[name].isprintable()
        ]
    if errors:
        raise invalid(errors)
    change = gate.change_asked_for(commit=texts["commit"], repository=texts["repository"], named=texts["change"])
    return _answer(request, change, texts.pop("change"), **texts)


def _unaskable(commit: str, environment: str) -> Iterator[tuple[str, str]]:
    if _WHOLE.fullmatch(commit.strip().lower()) is None:
        yield pointer("commit"), "Name the whole commit: 40 or 64 hexadecimal digits."
    if not environment.strip() or len(environment) > TEXTS["environment"] or not environment.isprintable():
        yield pointer("environment"), f"Say where it is to go, in at most {TEXTS['environment']} characters."


def _answer(
    request: ApiRequest, change: Change | None, named: str, *, commit: str, environment: str, repository: str = ""
) -> dict[str, Any]:
    kept, found = gate.ask(
        actor=request.member,
        change=change,
        commit=commit.strip().lower(),
        environment=environment.strip(),
        repository=repository,
        named=named,
        at=now(),
    )
    return {
        "id": kept.pk,
        "allowed": found.allowed,
        "reasons": [{"code": one.code, "words": one.words} for one in found.reasons],
        "change": change.reference if change else None,
        "commit": kept.commit,
        "environment": kept.environment,
        "asked_at": kept.asked_at,
    }


@dataclass(frozen=True, kw_only=True)
class Asks(Tells):
    """The gate of one change, which its address names by number or id. Every answer is kept, also of a change that is not here:
    of another organization's as of one that is nowhere.
    """

    def run(self, resource: Resource, request: ApiRequest, **kwargs: Any) -> Response:
        """Answer."""
        asked = self.answers(request)
        if errors := list(_unaskable(asked["commit"], asked["environment"])):
            raise Refused(400, " ".join(words for _, words in errors))
        named = "".join(filter(str.isprintable, str(kwargs["pk"])[:60]))
        return Response(_answer(request, gate.change_asked_for(commit="", named=named), named, **asked))


def _nothing(_request: ApiRequest) -> None:
    """Asks answers by itself."""


class GateApi(Resource):
    """The gate of a change."""

    output = GateSerializer
    tag = "Deployments"
    show = Asks(
        permission="deployments.write",
        summary="Whether a commit may go to an environment now.",
        words="Permission: `deployments.write`. The answer is 200 whether it may go or not, also where there is no such "
        "change: look at `allowed`. Each is kept.",
        asked={
            "commit": "The whole commit that is to go: 40 or 64 hexadecimal digits.",
            "environment": "Where it is to go, such as production.",
        },
        do=_nothing,
    )


class GateAnswerApi(Resource):
    """What the gate answered."""

    output = GateAnswerSerializer
    tag = "Deployments"
    list = Lists(screen=listing.GateList, filters=("from", "to", "change"))
    retrieve = Shows(screen=listing.GateList)
