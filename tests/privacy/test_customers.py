"""Customers who left: a hold knows them by every name they had, and what was destroyed is certified however a case ends."""

import pytest

from privacy.customers.actions import add_step, cancel_case, close_case, do_step, edit_case
from privacy.customers.forms import DoneForm
from privacy.models import DeletionCertificate
from privacy.models.customers import MOST_RECORDS
from privacy.retention.holding import place_hold
from tests.privacy.making import a_case
from ui.refusals import ActionRefused


def test_a_new_name_evades_no_hold(in_acme, acme, manager):
    case = a_case(manager, "Globex")
    renamed = edit_case(edit_case(case, actor=manager, name="Globex Ltd"), actor=manager, name="Initech")
    hold = place_hold(actor=manager, matter="M", reason="R", kinds=["customers"], about="globex")
    with pytest.raises(ActionRefused, match=hold.reference):
        do_step(case.steps.get(), actor=manager, done_on=acme.today(), method="dropped")
    assert renamed.former_names == ["Globex", "Globex Ltd"]


def test_a_case_with_a_hold_on_an_earlier_name_is_not_closed(in_acme, acme, manager, client_of):
    case = a_case(manager, "Globex")
    do_step(case.steps.get(), actor=manager, done_on=acme.today(), method="dropped")
    edit_case(case, actor=manager, name="Initech")
    hold = place_hold(actor=manager, matter="M", reason="R", kinds=["customers"], about="Globex")
    with pytest.raises(ActionRefused, match="legal hold"):
        close_case(case, actor=manager)
    page = client_of(manager).get(case.get_absolute_url()).content.decode()
    assert f"Held by {hold}" in page
    assert "Also known as" in page


def test_what_was_destroyed_is_certified_when_the_case_is_cancelled(in_acme, acme, manager):
    case = a_case(manager, places=3)
    add_step(case, actor=manager, what="return", place="Files", dataset=None, owner=None)
    for step, records in zip(case.steps.exclude(place="Database 2").order_by("place"), (3, 4, 100), strict=True):
        do_step(step, actor=manager, done_on=acme.today(), method="dropped", records=records)
    assert cancel_case(case, actor=manager, reason="They stay").status == "cancelled"
    made = DeletionCertificate.objects.get()
    assert (made.customer, made.count) == (case, 7)
    assert "cancelled" in made.under


def test_nothing_is_certified_when_nothing_was_destroyed(in_acme, manager):
    cancel_case(a_case(manager), actor=manager, reason="They stay")
    assert not DeletionCertificate.objects.exists()


def test_a_case_of_very_many_records_can_be_closed(in_acme, acme, manager):
    case = a_case(manager, places=2)
    for step in case.steps.all():
        do_step(step, actor=manager, done_on=acme.today(), method="dropped", records=MOST_RECORDS)
    assert close_case(case, actor=manager).count == 2 * MOST_RECORDS
    assert not DoneForm({"done_on": acme.today(), "method": "x", "records": MOST_RECORDS + 1}).is_valid()
