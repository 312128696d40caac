"""The second factor that the session in hand has shown."""

import datetime as dt

from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.models import Passkey, RecoveryDevice, TotpDevice
from accounts.sessions import factor_age
from changes.approving.giving import Shown
from tenancy.scope import now


def shown_in(request: HttpRequest) -> Shown | None:
    """Which kind was shown in this session last, and when; None when none was."""
    age = factor_age(request)
    if age is None or age < 0:
        return None
    device = str(request.session.get(DEVICE_ID_SESSION_KEY, ""))
    kinds = {kind.model_label(): kind.KIND for kind in (TotpDevice, Passkey, RecoveryDevice)}
    kind = kinds.get(device.partition("/")[0], TotpDevice.KIND)
    return Shown(kind, now() - dt.timedelta(seconds=age))
