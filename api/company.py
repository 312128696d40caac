"""Company sign-in in the API: providers and who is known by them. To change one is for people."""

from typing import ClassVar

from accounts.company import listing, views
from accounts.models import IdentityProvider, ProviderIdentity
from api.operations import Lists, Shows
from api.records import RecordSerializer
from api.resources import Resource


class IdentityProviderSerializer(RecordSerializer[IdentityProvider]):
    """A provider by which people sign in. Its secret is never shown."""

    class Meta:
        model = IdentityProvider
        fields: ClassVar[list[str]] = [
            "id", "name", "issuer", "client_id", "domain", "status", "secret_at", "addresses_vouched_at", "addresses_vouched_by",
            "factor_note", "factor_at", "factor_by", "created_at", "created_by",
        ]  # fmt: skip


class IdentityProviderApi(Resource):
    """Providers of company sign-in."""

    output = IdentityProviderSerializer
    tag = "Organization"
    list = Lists(screen=listing.ProviderList)
    retrieve = Shows(screen=views.ProviderDetail)


class ProviderIdentitySerializer(RecordSerializer[ProviderIdentity]):
    """Which account at a provider signs in as whom."""

    class Meta:
        model = ProviderIdentity
        fields: ClassVar[list[str]] = [
            "id", "provider", "issuer", "subject", "member", "email", "status", "linked_at", "confirmed_by", "unlinked_at",
            "unlinked_by",
        ]  # fmt: skip


class ProviderIdentityApi(Resource):
    """Company accounts."""

    output = ProviderIdentitySerializer
    tag = "Organization"
    list = Lists(screen=listing.IdentityList)
    retrieve = Shows(screen=listing.IdentityList, summary="One company account.")
