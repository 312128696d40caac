"""What erasure must not touch under a hold, and what it must not leave."""

import pytest

from privacy.models import Consent, RequestTask, SubjectRequest
from privacy.retention.holding import place_hold
from privacy.subjects import actions
from privacy.subjects.erasing import erase
from privacy.subjects.tasks import make_missing_letters
from tenancy.scope import now
from tests.privacy.making import a_consent, a_verified, a_version
from ui.refusals import ActionRefused


@pytest.mark.parametrize("facts", [{"kinds": ["consents"]}, {"kinds": ["jobs"], "about": "Ada@example.com"}])
def test_a_hold_on_what_an_erasure_touches_keeps_all_of_it(in_acme, manager, facts):
    a_consent(manager, a_version(manager))
    place_hold(actor=manager, matter="M", reason="R", **facts)
    with pytest.raises(ActionRefused, match="legal hold"):
        erase(a_verified(manager, "erasure"), actor=manager)
    assert Consent.objects.get().email == "ada@example.com"


def test_nothing_of_earlier_requests_names_who_was_erased(in_acme, acme, manager):
    earlier = a_verified(manager, name="Ada Adams", relation="Ada of Quillback", details="I am Ada")
    task = earlier.tasks.get()
    actions.do_task(task, actor=manager, outcome="Ada is in the CRM")
    actions.answer(earlier, actor=manager, words="Dear Ada")
    erase(a_verified(manager, "erasure"), actor=manager)
    left = [*SubjectRequest.objects.filter(pk=earlier.pk).values_list(), *RequestTask.objects.filter(pk=task.pk).values_list()]
    assert "ada" not in str(left).lower()
    make_missing_letters(acme, now())
    assert SubjectRequest.objects.get(pk=earlier.pk).letter_id is None
