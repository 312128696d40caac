"""Who belongs to the organization and by which roles, in the API. Changing that asks for a second factor, which is for people."""

from collections.abc import Iterator
from typing import Any, ClassVar

from rest_framework import serializers

from accounts.conflicts import standing
from accounts.explaining import rights_of
from accounts.models import CustomRole, DutyAcceptance, Member
from accounts.roles import ROLES
from accounts.views.conflicts import ConflictList
from accounts.views.members import MemberList
from accounts.views.roles import READ, RoleDetail, RoleList
from api.operations import Lists, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource


class MemberSerializer(RecordSerializer[Member]):
    """Somebody, or a program, with an account here."""

    name = serializers.CharField()
    email = serializers.EmailField()
    audit_period = serializers.UUIDField(source="audit_period_id", allow_null=True)
    is_service = serializers.BooleanField(source="user.is_service")

    class Meta:
        model = Member
        fields: ClassVar[list[str]] = [
            "id", "name", "email", "roles", "status", "access_ends_on", "areas", "audit_period", "is_service", "created_at",
        ]  # fmt: skip


class RightSerializer(serializers.Serializer[Any]):
    """A permission that somebody has, and why."""

    permission = serializers.CharField(source="key")
    words = serializers.CharField()
    by = serializers.SerializerMethodField(help_text="The roles that give it.")
    through = serializers.CharField(help_text="The stronger permission that implies it; empty where a role names it.")

    def get_by(self, right: Any) -> list[str]:
        """By name."""
        return [source.name for source in right.sources]


class RightsSerializer(serializers.Serializer[Any]):
    """What somebody may do now, and why."""

    rights = RightSerializer(many=True)


def _rights(request: ApiRequest, member: Member) -> dict[str, Any]:
    return {"rights": [right for _, rights in rights_of(member) for right in rights]}


class MemberApi(Resource):
    """Members."""

    output = MemberSerializer
    tag = "Members"
    list = Lists(screen=MemberList)
    retrieve = Shows(screen=MemberList, summary="One member.")
    rights = Tells(permission=READ, summary="What a member may do now, and why.", do=_rights, output=RightsSerializer, below=True)


class CustomRoleSerializer(RecordSerializer[CustomRole]):
    """A role of the organization's own."""

    class Meta:
        model = CustomRole
        fields: ClassVar[list[str]] = [
            "id", "key", "name", "description", "grants", "copied_from", "status", "created_at", "created_by",
        ]  # fmt: skip


class BuiltInSerializer(serializers.Serializer[Any]):
    """A built-in role."""

    key = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    grants = serializers.SerializerMethodField()

    def get_grants(self, role: Any) -> list[str]:
        """Sorted."""
        return sorted(role.grants)


class BuiltInsSerializer(serializers.Serializer[Any]):
    """The built-in roles."""

    roles = BuiltInSerializer(many=True)


def _built_in(_request: ApiRequest) -> dict[str, Any]:
    return {"roles": list(ROLES.values())}


class RoleApi(Resource):
    """Roles."""

    output = CustomRoleSerializer
    tag = "Members"
    list = Lists(screen=RoleList)
    retrieve = Shows(screen=RoleDetail)
    built_in = Tells(permission=READ, summary="The built-in roles.", do=_built_in, output=BuiltInsSerializer)


class DutyAcceptanceSerializer(RecordSerializer[DutyAcceptance]):
    """That somebody answers for a conflict of duty, until a day."""

    class Meta:
        model = DutyAcceptance
        fields: ClassVar[list[str]] = ["id", "member", "role", "duty", "reason", "ends_on", "accepted_by", "accepted_at"]


class ConflictSerializer(serializers.Serializer[Any]):
    """A conflict of duty that there is now."""

    member = serializers.UUIDField(allow_null=True)
    role = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    conflict = serializers.CharField()
    words = serializers.CharField()
    by = serializers.ListField(child=serializers.CharField())
    accepted_until = serializers.DateField(allow_null=True, help_text="The last answer's; null where there was none.")
    open = serializers.BooleanField(help_text="Whether nobody answers for it now.")


class ConflictsSerializer(serializers.Serializer[Any]):
    """The conflicts of duty that there are now."""

    conflicts = ConflictSerializer(many=True)


def _conflicts(request: ApiRequest) -> dict[str, Any]:
    return {"conflicts": list(_told(request))}


def _told(request: ApiRequest) -> Iterator[dict[str, Any]]:
    for one in standing(request.organization):
        yield {
            "member": None if one.is_of_role else one.of.pk,
            "role": one.of.pk if one.is_of_role else None,
            "name": one.name,
            "conflict": one.conflict.key,
            "words": f"{one.conflict.name}. {one.conflict.sentence}",
            "by": one.by,
            "accepted_until": one.accepted.ends_on if one.accepted else None,
            "open": one.is_open,
        }


class DutyAcceptanceApi(Resource):
    """Conflicts of duty, and what was accepted of them."""

    output = DutyAcceptanceSerializer
    tag = "Members"
    list = Lists(screen=ConflictList)
    retrieve = Shows(screen=ConflictList, summary="One acceptance.")
    now = Tells(permission=READ, summary="The conflicts there are now.", do=_conflicts, output=ConflictsSerializer)
