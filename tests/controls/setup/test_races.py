"""Two people who set up at the same moment."""

from controls.library.questions import BASE
from controls.models import AuditPeriod, Control
from controls.setup.actions import Made, set_up
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.controls.setup.test_set_up import plan
from tests.races import at_once


def test_of_two_at_once_the_second_finds_it_done(committed_db: None) -> None:
    acme, manager = Organization.objects.get(slug="acme"), Cast().manager

    def act(_number: int) -> Made:
        with tenant(acme):
            return set_up(plan(), actor=manager)

    made: list[Made] = at_once(act, count=2)
    assert sorted((one.is_new, len(one.adopted)) for one in made) == [(False, 0), (True, len(BASE))]
    with tenant(acme):
        assert (AuditPeriod.objects.count(), Control.objects.count()) == (1, len(BASE))
