"""What the forms about one request share."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from controls.models import AuditRequest
from controls.requests import actions
from controls.requests.rights import EVERYBODY, may_work, visible_to
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Requests", "controls:request-list")


class AboutRequest(TransitionScreen, abstract=True):
    """A form about one request that the member may see."""

    permission = EVERYBODY
    model = AuditRequest
    object: AuditRequest
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def allowed(self) -> bool:
        """Whether this member may do it to this request."""
        return may_work(self.request.member, self.object)

    def refuse_over(self) -> None:
        """Raise ActionRefused when nobody has to work on it any more."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the request."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutRequest, OnceScreen, abstract=True):
    """A form that does something once to one request."""
