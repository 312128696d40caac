"""The binder in the API: what it says of a period, and the lines that do not apply in one."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.operations import Creates, Does, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.binder.checklist import Keeping, Standing
from controls.binder.documents import Presence, shelves_of
from controls.binder.facts import Outcome
from controls.binder.forms import ReasonForm
from controls.binder.reading import readiness_of
from controls.binder.views import overview
from controls.binder.waiving import waive
from controls.library.checklist import CHECKLIST
from controls.models import AuditPeriod, ChecklistWaiver
from controls.periods.api import asked_period

READ = "controls.read"


class FactSerializer(serializers.Serializer[Any]):
    """Something the product itself knows of a line."""

    outcome = serializers.ChoiceField(Outcome.choices)
    sentence = serializers.CharField()


class LineSerializer(serializers.Serializer[Any]):
    """An item of the checklist or a rule, and what it rests on."""

    key = serializers.CharField(source="item.key")
    group = serializers.CharField(source="item.group")
    text = serializers.CharField(source="item.text")
    standing = serializers.ChoiceField(sorted({*Standing.values, *Keeping.values}))
    controls = serializers.SerializerMethodField()
    facts = FactSerializer(many=True)
    reasons = serializers.ListField(child=serializers.CharField())

    def get_controls(self, line: Any) -> list[str]:
        """Their codes."""
        return [state.control.code for state in line.states]


class DocumentSerializer(serializers.Serializer[Any]):
    """A document of a kind."""

    name = serializers.CharField()
    presence = serializers.ChoiceField(Presence.choices)
    note = serializers.CharField()


class ShelfSerializer(serializers.Serializer[Any]):
    """One of the seven kinds of documentation."""

    key = serializers.CharField()
    title = serializers.CharField()
    presence = serializers.ChoiceField(Presence.choices)
    documents = DocumentSerializer(many=True)


class TallySerializer(serializers.Serializer[Any]):
    """A figure with its denominator."""

    good = serializers.IntegerField()
    applicable = serializers.IntegerField()
    left_out = serializers.IntegerField()


@extend_schema_serializer(component_name="Binder")
class BinderSerializer(serializers.Serializer[Any]):
    """The readiness checklist, the eight rules and the seven kinds of documentation of a period."""

    period = serializers.UUIDField()
    as_of = serializers.DateField()
    checklist_tally = TallySerializer()
    rules_tally = TallySerializer()
    checklist = LineSerializer(many=True)
    rules = LineSerializer(many=True)
    documentation = ShelfSerializer(many=True)


def _binder(request: ApiRequest, *, period: str) -> dict[str, Any]:
    found = asked_period(request, period)
    day = min(request.organization.today(), found.ends_on)
    readiness = readiness_of(found, day)
    return {
        "period": found.pk,
        "as_of": day,
        "checklist_tally": readiness.items_tally,
        "rules_tally": readiness.rules_tally,
        "checklist": readiness.items,
        "rules": readiness.rules,
        "documentation": shelves_of(found, day),
    }


class BinderApi(Resource):
    """The audit binder."""

    output = BinderSerializer
    tag = "Audit binder"
    show = Tells(
        permission=overview.Binder.permission,
        summary="Checklist, rules and documentation of an audit period, as derived now.",
        asked={"period": "The period's id; left out, the open one around today, else the latest."},
        do=_binder,
    )


class WaiverSerializer(RecordSerializer[ChecklistWaiver]):
    """A line of the checklist that does not apply in a period."""

    class Meta:
        model = ChecklistWaiver
        fields: ClassVar[list[str]] = ["id", "period", "item", "reason", "status", "made_by", "made_at", "withdrawn_reason"]


class AnyWaiverForm(ReasonForm):
    """Which line, in which period, and why."""

    period = forms.ModelChoiceField(AuditPeriod.objects.all())
    item = forms.ChoiceField(choices=[(key, one.text) for key, one in CHECKLIST.items()])


class _Waive(overview.Waive):
    """Say that a line of the checklist does not apply in a period."""

    model = None  # type: ignore[assignment] # the form names the period
    form_class = AnyWaiverForm

    def load(self) -> None:
        """The form names everything."""

    def act(self, form: ReasonForm) -> ChecklistWaiver:
        """Set it."""
        return waive(
            form.cleaned_data.pop("period"), form.cleaned_data.pop("item"), actor=self.request.member, **form.cleaned_data
        )


def _waivers(request: ApiRequest) -> QuerySet[ChecklistWaiver]:
    return ChecklistWaiver.objects.all()


class WaiverApi(Resource):
    """Lines of the checklist that do not apply."""

    output = WaiverSerializer
    tag = "Audit binder"
    list = Gathers(permission=READ, summary="What was said not to apply.", rows=_waivers)
    retrieve = Finds(permission=READ, summary="One of them.", rows=_waivers)
    create = Creates(screen=_Waive)
    withdraw = Does(screen=overview.WaiverWithdraw)
