"""How much one person may ask for in a minute, in all their sessions and organizations together: programs use the API."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.counting import count_in_minute, later
from accounts.models import User
from audit.actors import Actor, current_origin
from ui.refusals import ActionRefused

EXPORT = "export"  # the parameter by which a list is taken away as a file


def hold_back(request: HttpRequest, user: User) -> HttpResponse | None:
    """Count a request of somebody; the answer that asks for patience where there were too many, pages or files."""
    if count_in_minute(f"asked:{user.pk}") > settings.PLUMBLINE_PERSON_RATE:
        return _wait(request, "pages", settings.PLUMBLINE_PERSON_RATE)
    if EXPORT in request.GET and _costs_too_much(user.pk):
        return _wait(request, "files", settings.PLUMBLINE_COSTLY_RATE)
    return None


def hold_back_job(actor: Actor) -> None:
    """Count work that somebody starts by a request. Raises ActionRefused where there was too much; exports count with it."""
    user = getattr(actor, "user_id", None)
    if user is not None and current_origin().ip and _costs_too_much(user):
        most = settings.PLUMBLINE_COSTLY_RATE
        raise ActionRefused(f"You asked for more than {most} files and reports within a minute. Wait until the next one.")


def _costs_too_much(user: object) -> bool:
    most: int = settings.PLUMBLINE_COSTLY_RATE
    return count_in_minute(f"costly:{user}") > most


def _wait(request: HttpRequest, what: str, most: int) -> HttpResponse:
    response = render(request, "429.html", {"what": what, "most": most}, status=429)
    for name, value in later().items():
        response[name] = value
    return response
