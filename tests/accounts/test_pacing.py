"""One person asks for so much in a minute and no more: pages, files, and what a worker does."""

from typing import Any

import pytest
from django.test import Client

from accounts.pacing import hold_back_job
from audit.actors import Origin, System, set_origin
from tests.cast import Cast, signed_in
from ui.refusals import ActionRefused
from workflow.jobs import start_job
from workflow.models import Job


@pytest.fixture
def inside(cast: Cast) -> Client:
    return signed_in(cast.manager)


def test_a_person_gets_so_many_pages_in_a_minute(inside: Client, settings: Any):
    settings.PLUMBLINE_PERSON_RATE = 3
    answers = [inside.get("/o/acme/members/") for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert "more than 3 pages within a minute" in answers[-1].content.decode()


def test_all_their_sessions_and_organizations_count_together_and_others_by_themselves(inside: Client, cast: Cast, settings: Any):
    settings.PLUMBLINE_PERSON_RATE = 2
    assert [inside.get("/o/acme/").status_code, inside.get("/o/globex/").status_code] == [200, 404]
    assert signed_in(cast.manager).get("/o/acme/").status_code == 429
    assert signed_in(cast.employee).get("/o/acme/").status_code == 200


def test_what_is_refused_is_not_done(inside: Client, cast: Cast, settings: Any):
    settings.PLUMBLINE_PERSON_RATE = 0
    assert inside.post("/o/acme/members/invite/", {"email": "new@acme.example", "roles": ["employee"]}).status_code == 429


def test_lists_leave_as_files_so_often_in_a_minute_and_are_shown_all_the_same(inside: Client, settings: Any):
    settings.PLUMBLINE_COSTLY_RATE = 2
    answers: list[Any] = [inside.get("/o/acme/members/?export=csv") for _ in range(3)]
    for one in answers[:2]:
        assert b"".join(one.streaming_content)
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "more than 2 files within a minute" in answers[-1].content.decode()
    assert inside.get("/o/acme/members/").status_code == 200


@pytest.mark.usefixtures("in_acme")
def test_work_for_a_worker_is_started_so_often_in_a_minute(cast: Cast, settings: Any):
    settings.PLUMBLINE_COSTLY_RATE = 2
    set_origin(Origin(ip="192.0.2.1"))
    for _ in range(2):
        start_job("probe", title="A report", actor=cast.manager)
    with pytest.raises(ActionRefused, match="more than 2 files and reports within a minute"):
        start_job("probe", title="A report", actor=cast.manager)
    assert Job.objects.filter(kind="probe").count() == 2
    start_job("probe", title="A report", actor=cast.employee)


@pytest.mark.usefixtures("db")
def test_what_the_product_does_by_itself_has_no_such_limit(cast: Cast, settings: Any):
    settings.PLUMBLINE_COSTLY_RATE = 0
    hold_back_job(cast.manager)  # no request is at hand
    set_origin(Origin(ip="192.0.2.1"))
    hold_back_job(System("tick"))
