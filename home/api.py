"""The organization's own settings in the API."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.models import IdleLimit
from api.operations import Changes, Retrieves
from api.requests import ApiRequest
from api.resources import Resource
from home.views import OrganizationEdit
from tenancy.models import Organization


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """The organization. Its idle limit is changed by people, with a second factor."""

    idle_minutes = serializers.SerializerMethodField(help_text="After how many minutes without use members are signed out.")

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["id", "slug", "name", "zone", "idle_minutes", "created_at"]
        read_only_fields = fields

    def get_idle_minutes(self, organization: Organization) -> int:
        """The limit."""
        return IdleLimit.minutes_of(organization)


class OrganizationApi(Resource):
    """The token's organization: the one record at its address."""

    output = OrganizationSerializer
    tag = "Organization"
    retrieve = Retrieves(permission=OrganizationEdit.permission, summary="Name, zone and idle limit.")
    partial_update = Changes(screen=OrganizationEdit)

    def find(self, request: ApiRequest, **kwargs: Any) -> Organization:
        """The token's."""
        return Organization.objects.get(pk=request.organization.pk)
