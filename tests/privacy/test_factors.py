"""What cannot be undone, and what hands data out, asks for a second factor shown just now."""

from urllib.parse import quote

import pytest

from privacy.models import DeletionCertificate, LegalHold, SubjectRequest
from privacy.retention.holding import place_hold
from tests.privacy.making import a_schedule, a_verified, old_mail


@pytest.fixture
def late(manager, client_of):
    """The manager, whose code was shown an hour ago."""
    client = client_of(manager)
    session = client.session
    session["factor_at"] -= 3600
    session.save()
    return client


def test_erasing_lifting_and_deleting_ask_for_a_code(in_acme, manager, late):
    old_mail(1)
    request, hold = a_verified(manager, "erasure"), place_hold(actor=manager, matter="M", reason="R", kinds=["jobs"])
    for path, given in (
        (f"requests/{request.pk}/erase/", {"sure": "on"}),
        (f"holds/{hold.pk}/lift/", {"reason": "Over"}),
        (f"schedules/{a_schedule(manager).pk}/run/", {"sure": "on"}),
    ):
        answer = late.post(f"/o/acme/privacy/{path}", given)
        assert answer.status_code == 422, path
        assert "Code from your authenticator" in answer.content.decode()
    assert SubjectRequest.objects.get(pk=request.pk).erased_at is None
    assert LegalHold.objects.get(pk=hold.pk).status == "in_force"
    assert not DeletionCertificate.objects.exists()


def test_what_is_held_on_somebody_is_handed_out_after_a_code(in_acme, manager, late, client_of):
    path = f"/o/acme/privacy/requests/{a_verified(manager).pk}/data.zip"
    answer = late.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/confirm/?next={quote(path, safe='')}")
    assert client_of(manager).get(path).getvalue()[:2] == b"PK"
