"""A confidential incident says by name who sees it, and gives tasks to nobody else."""

from typing import Any

from tenancy.scope import tenant
from tests.incidents.making import a_secret, an_incident

HERE = "/o/acme/incidents/"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_names_everybody_who_sees_it(client_of, acme, manager, administrator, reviewer):
    with tenant(acme):
        secret, shared = a_secret(manager, reviewer), an_incident(manager)
    client = client_of(manager)
    page = said(client.get(f"{HERE}{secret.pk}/"))
    assert f"{manager.name}, {reviewer.name}; {administrator.name}" in page
    assert "Seen only by" not in said(client.get(f"{HERE}{shared.pk}/"))


def test_who_makes_one_confidential_is_told_who_sees_it_then(client_of, acme, manager, administrator, employee):
    with tenant(acme):
        shared = an_incident(manager)
    dialog = said(client_of(manager).get(f"{HERE}{shared.pk}/confide/"))
    assert f"Named in it: {manager.name}." in dialog
    assert f"May see all confidential incidents: {administrator.name}." in dialog
    assert employee.name not in dialog


def test_its_tasks_are_offered_to_those_who_see_it(client_of, acme, cast):
    manager, administrator, reviewer, approver = cast.manager, cast.administrator, cast.reviewer, cast.approver
    with tenant(acme):
        secret, shared = a_secret(manager, reviewer), an_incident(manager)
    client = client_of(manager)
    field = client.get(f"{HERE}{secret.pk}/tasks/add/").context["form"].fields["owner"]
    assert set(field.queryset) == {manager, reviewer, administrator}
    assert "name others under People first" in field.help_text
    refused = client.post(
        f"{HERE}{secret.pk}/tasks/add/", {"title": "Look", "kind": "task", "owner": str(approver.pk), "due_on": "2199-01-01"}
    )
    assert refused.status_code == 422
    assert approver in client.get(f"{HERE}{shared.pk}/tasks/add/").context["form"].fields["owner"].queryset
