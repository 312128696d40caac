"""Who has acted is offered once each, whether they did it by their account alone or as a member."""

import pytest

from accounts.models import User
from audit.record import record_failure


def whose(page, name):
    """The choices of the filter by who, of one name, and how many events each has."""
    [who] = [one for one in page.context["listing"]["filters"] if one.name == "actor"]
    return [(one.value, one.count) for one in who.options if one.label == name]


@pytest.mark.parametrize("path", ["/o/acme/audit/", "/o/acme/audit/access/"])
def test_what_somebody_did_by_their_account_stands_with_what_they_did_as_a_member(client_of, cast, acme, path):
    member = cast.employee
    record_failure("access.deny", organization=acme, actor=member.user, metadata={"path": "/o/acme/"})
    record_failure("access.deny", organization=acme, actor=member, metadata={"path": "/o/acme/members/"})
    page = client_of(cast.auditor).get(path, {"fragment": "counts"})
    assert whose(page, member.name) == [(str(member.pk), 2)]
    shown = client_of(cast.auditor).get(path, {"actor": str(member.pk)}).content.decode()
    assert shown.count(member.name) > 2


def test_two_people_of_one_name_stay_two(client_of, cast, acme):
    namesake = User.objects.create_user(email="other@nowhere.example", name=cast.employee.name)
    for one in (namesake, cast.employee):
        record_failure("access.deny", organization=acme, actor=one, metadata={"path": "/o/acme/"})
    page = client_of(cast.auditor).get("/o/acme/audit/", {"fragment": "counts"})
    assert sorted(count for _, count in whose(page, namesake.name)) == [1, 1]
