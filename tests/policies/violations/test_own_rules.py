"""What the product's own rules find is a violation once, and ends when they find it no more."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from accounts.models import Member, Session, Token, TotpDevice
from audit.models import AuditEvent
from policies.models import Violation
from policies.violations.actions import dismiss_violation, remedy_violation
from policies.violations.own import RULES, is_outdated
from policies.violations.watching import watch_own_rules
from tenancy.scope import now, tenant
from tests.accounts.signing_in import sign_in
from tests.api.conftest import make_token
from tests.cast import PASSWORD, signed_in
from tests.reviews.world import changed, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

DAY = dt.timedelta(days=1)
Found = Callable[[str], list[Violation]]


@pytest.fixture
def found(in_acme, acme) -> Found:
    """What a rule has open after a look some days from now."""

    def look(rule: str, *, days: int = 0) -> list[Violation]:
        watch_own_rules(acme, now() + days * DAY)
        return list(Violation.objects.filter(rule=rule, status="open").order_by("pk"))

    return look


def test_nobody_breaks_a_rule_on_the_first_day(found):
    for rule in RULES:
        assert found(rule.key) == []


def test_a_missing_second_factor_is_found_once_and_ends_by_itself(found: Any, acme, manager, employee):
    signed_in(employee)  # who has an authenticator by that
    missing = found("second_factor", days=2)
    assert manager in [one.member for one in missing]
    assert employee not in [one.member for one in missing]
    (mine,) = [one for one in missing if one.member == manager]
    assert (mine.detected, mine.severity, mine.owner) == ("system", "high", person_of(manager))
    assert OutboxMessage.objects.filter(to=manager.email, subject__contains=mine.reference).count() == 1
    assert len(found("second_factor", days=2)) == len(missing)
    with pytest.raises(ActionRefused, match="ends it by itself"):
        remedy_violation(mine, actor=manager, outcome="Done.")
    device = TotpDevice.begin(manager.user)
    TotpDevice.objects.filter(pk=device.pk).update(confirmed=True)
    assert len(found("second_factor", days=2)) == len(missing) - 1
    kept = mine.refreshed()
    assert (kept.status, kept.ended_by, kept.outcome) == ("remediated", None, "Plumbline finds it no more.")
    event = AuditEvent.objects.get(verb="violation.remedy", object_id=mine.pk)
    assert event.data["actor"]["name"] == "Plumbline (own rules)"


def test_what_was_dismissed_is_looked_for_again_after_90_days(found: Any, manager, employee):
    missing = found("second_factor", days=2)
    (theirs,) = [one for one in missing if one.member == employee]
    (own,) = [one for one in missing if one.member == manager]
    with pytest.raises(ActionRefused, match="It is yours"):
        dismiss_violation(own, actor=manager, reason="I know.")
    dismiss_violation(theirs, actor=manager, reason="They are on leave until spring.")
    assert employee not in [one.member for one in found("second_factor", days=60)]
    assert employee in [one.member for one in found("second_factor", days=91)]


def test_a_password_kept_in_an_older_way_is_found(found: Any, employee):
    old = make_password(PASSWORD, hasher="pbkdf2_sha256")
    assert is_outdated(old)
    assert is_outdated("unreadable")
    assert not is_outdated(employee.user.password)
    employee.user.password = old
    employee.user.save(update_fields=["password"])
    (one,) = found("password_age")
    assert (one.member, one.person) == (employee, person_of(employee))
    assert PASSWORD not in f"{one.title}{one.description}{one.resource}"
    assert old not in AuditEvent.objects.get(verb="violation.report").body
    employee.user.set_password(PASSWORD)
    employee.user.save(update_fields=["password"])
    assert found("password_age") == []


def test_a_refused_password_is_a_violation_that_never_says_which(db, client, cast, acme):
    user, weak = cast.employee.user, "all-lower-case-9"
    sign_in(client, user)
    assert client.post("/account/password/", {"current": PASSWORD, "password": weak, "repeated": weak}).status_code == 422
    with tenant(acme):
        watch_own_rules(acme, now())
        one = Violation.objects.get(rule="password_rule")
        assert (one.member, one.severity) == (cast.employee, "low")
        assert not AuditEvent.objects.filter(body__contains=weak).exists()
        new = "Another-Horse-7-Staple"
    assert client.post("/account/password/", {"current": PASSWORD, "password": new, "repeated": new}).status_code == 302
    with tenant(acme):
        watch_own_rules(acme, now())
        assert one.refreshed().status == "remediated"


def test_a_session_that_lasts_too_long_is_found(found: Any, employee):
    signed_in(employee)
    assert found("session_age") == []
    Session.objects.filter(user=employee.user).update(expire_date=now() + 2 * DAY)
    (one,) = found("session_age")
    assert one.member == employee
    keys = Session.objects.filter(user=employee.user).values_list("session_key", flat=True)
    assert not any(key in AuditEvent.objects.get(verb="violation.report").body for key in keys)
    Session.objects.filter(user=employee.user).delete()
    assert found("session_age") == []


def test_a_token_older_than_half_a_year_is_found_with_whoever_answers_for_it(found: Any, manager):
    token, text = make_token(manager, "controls.read")
    assert found("token_age") == []
    Token.objects.filter(pk=token.pk).update(created_at=now() - 181 * DAY)
    (one,) = found("token_age")
    assert (one.owner, one.member) == (person_of(manager), manager)
    assert token.prefix in one.resource
    assert text not in AuditEvent.objects.get(verb="violation.report").body
    Token.objects.filter(pk=token.pk).update(revoked_at=now())
    assert found("token_age") == []


def test_who_may_not_enter_breaks_no_rule(found: Any, acme, employee):
    Member.objects.filter(pk=employee.pk).update(status="removed")
    changed(person_of(employee), status="left")
    assert employee.pk not in [one.member_id for one in found("second_factor", days=2)]
