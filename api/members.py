"""Who belongs to the organization, in the API. Changing that asks for a second factor, which is for people."""

from typing import ClassVar

from rest_framework import serializers

from accounts.models import Member
from accounts.views.members import MemberList
from api.operations import Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource


class MemberSerializer(RecordSerializer[Member]):
    """Somebody, or a program, with an account here."""

    name = serializers.CharField()
    email = serializers.EmailField()
    is_service = serializers.BooleanField(source="user.is_service")

    class Meta:
        model = Member
        fields: ClassVar[list[str]] = ["id", "name", "email", "roles", "status", "access_ends_on", "is_service", "created_at"]


class MemberApi(Resource):
    """Members."""

    output = MemberSerializer
    tag = "Members"
    list = Lists(screen=MemberList)
    retrieve = Shows(screen=MemberList, summary="One member.")
