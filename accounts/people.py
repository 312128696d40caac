"""The person behind a request."""

from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The signed-in user; raises TypeError where a view was opened to others by mistake."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("This view needs somebody who is signed in.")
    return user
