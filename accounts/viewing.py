"""An administrator looks at the organization as an auditor does. Nothing can be changed meanwhile; it ends with the session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Member
from accounts.roles import ROLES, granted

SAFE = {"GET", "HEAD", "OPTIONS"}  # methods that change nothing
ROLE = "auditor"
RUN = "members.admin"
LEAVE = "members:view-leave"
SENTENCE = "You look at this as an auditor does, so nothing is changed. Stop looking first."
_KEY = "looking_as_auditor"


def begin(request: HttpRequest, member: Member) -> None:
    """From the next page on, in this organization and this session."""
    request.session[_KEY] = str(member.organization_id)


def end(request: HttpRequest) -> None:
    """See everything that one may see again."""
    request.session.pop(_KEY, None)


def look(request: HttpRequest, member: Member) -> None:
    """Leave the member no more than an auditor sees; of that nothing that they may not see themselves."""
    request.viewing_as = ""  # type: ignore[attr-defined]
    if request.session.get(_KEY) == str(member.organization_id) and member.can(RUN):
        shown = {name for name in granted([ROLE]) if member.can(name) or not name.endswith(".read")}
        member.permissions = frozenset(shown)
        request.viewing_as = ROLES[ROLE].name  # type: ignore[attr-defined]


def is_looking(request: HttpRequest) -> bool:
    """Whether the request is of somebody who looks on as another role does."""
    return bool(getattr(request, "viewing_as", ""))


def stop_change(request: HttpRequest) -> HttpResponse | None:
    """The answer to whatever would change something; None where it may go on."""
    if not is_looking(request) or request.method in SAFE:
        return None
    if request.resolver_match and request.resolver_match.view_name == LEAVE:
        return None
    return render(request, "403.html", {"sentence": SENTENCE}, status=403)
