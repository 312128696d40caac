"""What the forms about one request share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from controls.models import AuditRequest
from controls.requests import actions
from controls.requests.rights import EVERYBODY, may_work, visible_to
from ui.screens import FormScreen
from workflow.once import OnceScreen
from workflow.transitions import Transition

LIST = ("Requests", "controls:request-list")


class AboutRequest(FormScreen, abstract=True):
    """A form about one request that the member may see."""

    permission = EVERYBODY
    model = AuditRequest
    object: AuditRequest
    verb = ""
    transition: Transition | None = None

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Those without the right see no form, whatever the state; nobody sees one where there is nothing to do."""
        super().load()
        if not self.allowed():
            raise PermissionDenied
        if self.request.method != "POST":
            self.check()

    def allowed(self) -> bool:
        """Whether this member may do it to this request."""
        return may_work(self.request.member, self.object)

    def check(self) -> None:
        """Raise ActionRefused when there is nothing to do here now."""
        if self.transition is None:
            actions.refuse_over(self.object)
        else:
            self.transition.check(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the request."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutRequest, OnceScreen, abstract=True):
    """A form that does something once to one request."""
