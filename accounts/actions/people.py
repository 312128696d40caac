"""What people do to their own accounts. It is recorded in each of their organizations, so these enter the scopes themselves."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import RecoveryDevice, Session, TotpDevice, User
from accounts.trail import record_for_person
from tenancy.models import Organization
from tenancy.scope import now


@transaction.atomic
def note_sign_in(user: User, *, factor: str, by: str = "", within: Organization | None = None) -> None:
    """Record a completed sign-in and the kind of factor that completed it, for one organization if it reaches no other.

    `by` says what began it, if that was no password.
    """
    User.objects.filter(pk=user.pk).update(last_sign_in_at=now())
    begun = by or ("the organization's provider" if within is not None else "")
    metadata = {"factor": factor, "by": begun} if begun else {"factor": factor}
    record_for_person("session.sign_in", user, metadata=metadata, within=within)


def note_sign_out(user: User, *, within: Organization | None = None) -> None:
    """Record a sign-out."""
    record_for_person("session.sign_out", user, within=within)


@transaction.atomic
def end_own_sessions(user: User, keys: Collection[str]) -> int:
    """Sign the user out of these sessions at once. Returns how many there were."""
    ended, _ = Session.objects.filter(user=user, session_key__in=keys).delete()
    if ended:
        record_for_person("session.end", user, metadata={"sessions": ended})
    return ended


@transaction.atomic
def change_name(user: User, *, name: str) -> None:
    """Change what a person is called here."""
    before = user.name
    user.name = name.strip()
    user.full_clean()
    user.save(update_fields=["name"])
    record_for_person("user.change", user, before={"name": before}, after={"name": user.name})


@transaction.atomic
def change_password(user: User, *, password: str) -> None:
    """Set a new password, which ends every session of the user; the caller may keep the one at hand."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_for_person("password.change", user, metadata={"other_sessions_ended": True})


@transaction.atomic
def confirm_authenticator(user: User, device: TotpDevice) -> list[str]:
    """Make a device that has shown a right code the user's only authenticator. Returns new recovery codes."""
    replaced, _ = TotpDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    codes = new_codes(user)
    record_for_person("factor.enrol", user, metadata={"factor": device.KIND, "replaced": bool(replaced)})
    return codes


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """Void the recovery codes and return new ones."""
    codes = new_codes(user)
    record_for_person("factor.renew_codes", user, metadata={"codes": len(codes)})
    return codes


def new_codes(user: User) -> list[str]:
    """Void the recovery codes, if there are any, and return new ones. Within a transaction that records why."""
    device, _ = RecoveryDevice.objects.get_or_create(user=user, defaults={"name": "Recovery codes", "confirmed": True})
    codes: list[str] = device.replace_codes()
    return codes
