"""Violations of policies in the API: other systems report what they find."""

from typing import ClassVar

from api.operations import Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource
from policies.models import Violation
from policies.violations import listing, views


class ViolationSerializer(RecordSerializer[Violation]):
    """A policy was not kept. What the same rule finds at the same place is counted while it is open."""

    class Meta:
        model = Violation
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "description", "policy", "resource", "person", "member", "severity", "detected",
            "reported_as", "rule", "reported_by", "detected_at", "times_seen", "last_seen_at", "owner", "due_on", "status",
            "ended_by", "ended_at", "outcome", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class ViolationApi(Resource):
    """Violations of policies."""

    output = ViolationSerializer
    tag = "Policies"
    list = Lists(screen=listing.ViolationList, filters=("state", "severity", "due", "whose", "detected", "policy"))
    retrieve = Shows(screen=views.ViolationDetail)
    create = Creates(
        screen=views.ViolationReport,
        words="Permission: `violations.write`. With `rule`, the same one at the same `resource` is counted while it is open, and "
        "the answer is the one that is there. Never send a password or another secret.",
    )
    partial_update = Changes(screen=views.ViolationEdit)
    remedy = Does(screen=views.ViolationRemedy)
    dismiss = Does(screen=views.ViolationDismiss)
    reopen = Does(screen=views.ViolationReopen)
