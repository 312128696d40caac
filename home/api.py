"""The organization's own settings in the API."""

from typing import Any, ClassVar

from rest_framework import serializers

from api.operations import Changes, Retrieves
from api.requests import ApiRequest
from api.resources import Resource
from home.views import OrganizationEdit
from tenancy.models import Organization


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """The organization."""

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = ["id", "slug", "name", "zone", "created_at"]
        read_only_fields = fields


class OrganizationApi(Resource):
    """The token's organization: the one record at its address."""

    output = OrganizationSerializer
    tag = "Organization"
    retrieve = Retrieves(permission=OrganizationEdit.permission, summary="Name and zone.")
    partial_update = Changes(screen=OrganizationEdit)

    def find(self, request: ApiRequest, **kwargs: Any) -> Organization:
        """The token's."""
        return Organization.objects.get(pk=request.organization.pk)
