from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form's token is missing or old, most often after signing in anew."""
    sentence = (
        "This form has expired, most likely because you signed in again since it was opened."
        " Go back, reload the page and send it once more."
    )
    return render(request, "403.html", {"sentence": sentence, "reason": reason}, status=403)
