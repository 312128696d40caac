"""What people do about their passkeys, and removing a factor, of which the last one stays."""

from django.db import transaction

from accounts.actions.people import new_codes
from accounts.models import Passkey, RecoveryDevice, TotpDevice, User
from accounts.models.factor import FactorDevice
from accounts.models.passkey import MOST, NAME_LENGTH, has_factor
from accounts.passkeys.checking import NewPasskey
from accounts.trail import record_for_person
from ui.refusals import ActionRefused, stated


@transaction.atomic
def add_passkey(user: User, made: NewPasskey, *, name: str, is_first: bool) -> tuple[Passkey, list[str]]:
    """Keep a passkey that a device has just made. With it, recovery codes for whoever has none yet.

    `is_first` says that the person had no factor to show before. Raises ActionRefused if they have one by now.
    """
    _lock(user)
    if is_first and has_factor(user):
        raise ActionRefused("A second factor was set up meanwhile. Sign in with it.")
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise ActionRefused(f"{MOST} passkeys are the most that a person has here. Remove one first.")
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise ActionRefused("This passkey is known here already.")
    passkey = Passkey(
        user=user,
        name=_stated_name(name),
        credential_id=made.credential_id,
        sign_count=made.sign_count,
        transports=made.transports,
        is_synced=made.is_synced,
    )
    passkey.public_key = made.public_key
    passkey.save(force_insert=True)
    codes = [] if RecoveryDevice.objects.filter(user=user).exists() else new_codes(user)
    metadata = {"factor": Passkey.KIND, "name": passkey.name, "synced": passkey.is_synced}
    record_for_person("factor.enrol", user, metadata=metadata)
    return passkey, codes


@transaction.atomic
def rename_passkey(passkey: Passkey, *, name: str) -> None:
    """Call a passkey something else."""
    before = passkey.name
    passkey.name = _stated_name(name)
    passkey.save(update_fields=["name"])
    record_for_person("factor.rename", passkey.user, before={"name": before}, after={"name": passkey.name})


@transaction.atomic
def remove_factor(device: FactorDevice) -> None:
    """Forget a passkey or the authenticator. Sessions that it opened ask for another factor at their next page.

    Raises ActionRefused for the last one: recovery codes alone are no factor.
    """
    user = device.user
    _lock(user)
    others = [kind.objects.filter(user=user, confirmed=True).exclude(pk=device.pk) for kind in (TotpDevice, Passkey)]
    if not any(found.exists() for found in others):
        raise ActionRefused("This is your last second factor, so it stays. Set up another one first.")
    if not type(device).objects.filter(pk=device.pk).delete()[0]:
        raise ActionRefused("This factor was removed already.")
    record_for_person("factor.remove", user, metadata={"factor": device.KIND, "name": device.name})


def _lock(user: User) -> None:
    """Let one change of a person's factors wait for the other."""
    User.objects.select_for_update().get(pk=user.pk)


def _stated_name(name: str) -> str:
    return stated(name, "Give the passkey a name.", field="name")[:NAME_LENGTH]
