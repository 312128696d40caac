"""What a token for looking does not do, and what the register's pages cost however much they hold."""

import pytest

from controls.catalogue.actions import create_control
from risks.models import Risk
from risks.register.actions import edit_risk
from risks.tasks.actions import add_task
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.risks.making import a_rated, person_of, steps
from tests.risks.test_register import AREA, soon

LIST, PAGE = 15, 20  # queries at most, with those of every page


@pytest.fixture
def one(acme, cast):
    """One that is with the employee."""
    with tenant(acme):
        yield a_rated(cast.manager, cast.employee)


def test_a_token_for_looking_sees_its_owners_risks_and_changes_none(one, cast):
    looks = Program(make_token(cast.employee, "home.read")[1])
    works = Program(make_token(cast.employee, "home.read", "risks.work")[1])
    anyway, rating = {"If-Match": "*"}, {**steps(4, 5, 1, 5, 1, 4), "reasoning": "Two locks."}
    assert looks.get(f"risks/{one.pk}").json()["residual_score"] == 10
    assert looks.post(f"risks/{one.pk}/rate", rating, **anyway).status_code == 403
    assert looks.patch(f"risks/{one.pk}", {"cause": "x"}, **anyway).status_code == 403
    assert Risk.objects.get().residual_score == 10
    assert works.post(f"risks/{one.pk}/rate", rating, **anyway).json()["residual_score"] == 5


def test_list_and_page_cost_the_same_with_little_and_with_much(one, acme, cast, client_of, django_assert_max_num_queries):
    manager, since = cast.manager, acme.today().replace(month=1, day=1)
    people = [person_of(cast.of("acme", name)) for name in ("reviewer", "approver", "viewer", "employee")]
    asked = [
        (client_of(member), path, most)
        for member in (manager, cast.employee, cast.reviewer)
        for path, most in ((f"{AREA}?q=wrong&view=grave&category=security", LIST), (f"{AREA}{one.pk}/", PAGE))
    ]

    def more(number):
        facts = {"code": f"AC-{number}", "title": "Locks", "cadence": "quarterly", "in_scope_since": since}
        edit_risk(
            one, actor=manager, controls=[*(row.control for row in one.controls.all()), create_control(actor=manager, **facts)]
        )
        add_task(one, actor=manager, title=f"Lock {number}", owner=people[number], due_on=soon(acme))
        other = a_rated(manager, cast.employee, statement=f"Another of {number} goes wrong")
        add_task(other, actor=manager, title="Lock", owner=people[0], due_on=soon(acme))

    def cost():
        found = []
        for client, path, most in asked:
            client.get(path)
            with django_assert_max_num_queries(most) as queries:
                assert "goes wrong" in client.get(path).content.decode()
            found.append(len(queries))
        return found

    with tenant(acme):
        more(0)
    little = cost()
    for number in (1, 2, 3):
        with tenant(acme):
            more(number)
    assert cost() == little
