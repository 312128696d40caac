"""An administrator looks at the organization as an auditor does. Nothing can be changed meanwhile; it ends with the session."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.giving import ADMINISTER
from accounts.models import Member
from accounts.roles import AUDITOR, granted

SAFE = {"GET", "HEAD", "OPTIONS"}  # methods that change nothing
LEAVE = "members:view-leave"
SENTENCE = "You look at this as an auditor does, so nothing is changed. Stop looking first."
GONE = "They are no auditor here any more, so you see what your own roles show again."
_KEY = "looking_as_auditor"  # whom as, by organization: one look neither begins nor ends another's


def begin(request: HttpRequest, member: Member, auditor: Member | None = None) -> None:
    """From the next page on, in this organization and this session: as an auditor, or as one particular auditor."""
    request.session[_KEY] = {**_looks(request), str(member.organization_id): str(auditor.pk) if auditor else ""}


def end(request: HttpRequest, member: Member) -> None:
    """See everything that one may see again in this organization."""
    if left := {key: whom for key, whom in _looks(request).items() if key != str(member.organization_id)}:
        request.session[_KEY] = left
    else:
        request.session.pop(_KEY, None)


def _looks(request: HttpRequest) -> dict[str, str]:
    kept = request.session.get(_KEY)
    return kept if isinstance(kept, dict) else {}


def look(request: HttpRequest, member: Member) -> None:
    """Leave the member no more than an auditor sees; of that nothing that they may not see themselves."""
    request.viewing_as, request.looked_as = "", None  # type: ignore[attr-defined]
    whom = _looks(request).get(str(member.organization_id))
    if whom is None or not member.can(ADMINISTER):
        return
    held, name, auditor = granted([AUDITOR]), "an auditor", None
    if whom:
        auditor = Member.objects.active().of(member.organization).filter(pk=whom, roles=[AUDITOR]).first()
        if auditor is None:
            end(request, member)
            messages.info(request, GONE)
            return
        held, name, member.limits = auditor.permissions, auditor.name, auditor.limits
    member.entrusted = {}
    member.permissions = frozenset(one for one in held if member.can(one) or not one.endswith(".read"))
    request.viewing_as = name  # type: ignore[attr-defined]
    if auditor:
        auditor.organization, auditor.permissions = member.organization, member.permissions
        request.looked_as = auditor  # type: ignore[attr-defined]


def is_looking(request: HttpRequest) -> bool:
    """Whether the request is of somebody who looks on as another role does."""
    return bool(getattr(request, "viewing_as", ""))


def looked_as(request: HttpRequest) -> Member | None:
    """The one auditor as whom somebody looks, with no more than the two may see; none where it is any auditor."""
    found: Member | None = getattr(request, "looked_as", None)
    return found


def stop_change(request: HttpRequest) -> HttpResponse | None:
    """The answer to whatever would change something; None where it may go on."""
    if not is_looking(request) or request.method in SAFE:
        return None
    if request.resolver_match and request.resolver_match.view_name == LEAVE:
        return None
    return render(request, "403.html", {"sentence": SENTENCE}, status=403)
