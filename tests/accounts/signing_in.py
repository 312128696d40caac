"""Signing people in: the quick way for tests of other things, and the long way for tests of signing in itself."""

import re
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import TotpDevice, User
from accounts.models.factor import STEP_SECONDS
from tests.cast import PASSWORD


def authenticator_of(user: User) -> TotpDevice:
    """The user's confirmed authenticator; enrolled if there is none."""
    device: TotpDevice | None = TotpDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        device = TotpDevice.begin(user)
        TotpDevice.objects.filter(pk=device.pk).update(confirmed=True)
        device.refresh_from_db()
    return device


def fresh_code(user: User) -> str:
    """A code of the user's authenticator that was not used yet."""
    device = authenticator_of(user)
    return device.code_at(max(int(time.time()) // STEP_SECONDS, device.last_t + 1) * STEP_SECONDS)


def sign_in(client: Client, user: User, *, factor_age: float = 0) -> Client:
    """Give the client a session of the user that has shown its factor `factor_age` seconds ago."""
    device = authenticator_of(user)
    request = HttpRequest()
    request.session = client.session
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    request.session["signed_in_at"] = time.time()
    request.session["factor_at"] = time.time() - factor_age
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


def give_password(client: Client, email: str, password: str = PASSWORD, **query: str) -> Any:
    """Post the first step."""
    return client.post("/sign-in/", {"email": email, "password": password}, query_params=query)


def give_code(client: Client, code: str, **query: str) -> Any:
    """Post the second step."""
    return client.post("/sign-in/code/", {"code": code}, query_params=query)


def secret_shown(response: Any) -> str:
    """The secret on the enrolment page, as a phone would read it."""
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', response.content.decode())
    assert found
    return found[1].replace(" ", "")
