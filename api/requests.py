"""A request that was admitted."""

from rest_framework.request import Request

from accounts.models import Member
from tenancy.models import Organization


class ApiRequest(Request):
    """DRF's request, within the organization of its token. `member` may do no more than the token."""

    member: Member
    organization: Organization
