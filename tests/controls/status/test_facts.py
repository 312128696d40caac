"""The facts from the database are those of the world they describe, for any number of controls in the same queries."""

import datetime as dt
from dataclasses import astuple, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from controls.models import CriterionExclusion
from controls.models.control import Leg
from controls.status.facts import facts_of as known_of
from controls.status.rules import LegFacts
from tests.controls.status import rows
from tests.controls.status.world import DAYS, END, START, Expected, Item, Trial, facts_of, worlds


def known(period, day, acme):
    return {one.control_id: one for one in known_of(period, day, acme)}


@settings(max_examples=6, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(worlds(), min_size=12, max_size=12), DAYS)
def test_they_are_what_the_world_says(acme, in_acme, manager, world_list, day):
    period = rows.period(name=f"Period {next(rows.numbers)}")
    controls = {rows.build(world, rows.person_of(manager)).pk: world for world in world_list}
    found = known(period, day, acme)
    for key, world in controls.items():
        assert told(found[key].facts) == told(facts_of(world, day))
        assert found[key].evidence_count == counted(world)


def told(facts):
    """The facts but for how often an item is linked to a leg: for several occurrences it is so more than once."""
    legs = {leg: LegFacts(*(min(1, count) for count in astuple(one))) for leg, one in facts.legs.items()}
    return replace(facts, legs=legs)


def counted(world):
    """Different items that tell of the period, by which leg soever."""
    return len({one for one in world.items if one.leg != "operation" or (one.since <= END and one.until >= START)})


def test_the_number_of_queries_does_not_grow(acme, in_acme, manager, django_assert_num_queries):
    period = rows.period()
    made = [rows.control(owner=rows.person_of(manager)) for _ in range(3)]
    with django_assert_num_queries(7):
        assert len(known(period, END, acme)) == 3
    made += [rows.control() for _ in range(20)]
    for one in made:
        rows.trial(one, Trial(START, "pass"))
        rows.link(one, rows.evidence(Item(Leg.POLICY, START, END)), "policy")
    with django_assert_num_queries(7):
        assert len(known(period, END, acme)) == 23


def test_removed_links_and_items_that_are_not_current_do_not_count(acme, in_acme):
    period, one = rows.period(), rows.control()
    rows.link(one, rows.evidence(), "policy", status="removed")
    rows.link(one, rows.evidence(status="withdrawn"), "policy")
    rows.link(one, rows.evidence(status="superseded"), "policy")
    found = known(period, END, acme)[one.pk]
    assert found.evidence_count == 0
    assert found.facts.leg(Leg.POLICY).absent


def test_a_test_belongs_to_the_period_in_which_its_population_ends(acme, in_acme, manager):
    period, one = rows.period(), rows.control()
    rows.trial(one, Trial(END + dt.timedelta(days=9), "pass"), population=rows.population(START, END))
    found = known(period, END + dt.timedelta(days=20), acme)[one.pk]
    assert found.facts.period_result == "pass"
    assert found.last_tested_on == END + dt.timedelta(days=9)
    assert known(period, END + dt.timedelta(days=8), acme)[one.pk].facts.period_result == ""


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"in_scope_since": END}, True),
        ({"in_scope_since": END + dt.timedelta(days=1)}, False),
        ({"status": "retired", "retired_on": START}, True),
        ({"status": "retired", "retired_on": START - dt.timedelta(days=1)}, False),
        ({"criteria": ("A1.1",)}, False),
        ({"criteria": ("CC6.2",)}, False),
        ({"criteria": ("CC6.2", "CC6.3")}, True),
        ({"criteria": ()}, False),
    ],
)
def test_a_control_counts_while_it_is_in_service_and_answers_to_what_is_in_scope(acme, in_acme, fields, counts):
    period, one = rows.period(), rows.control(**fields)
    CriterionExclusion.objects.create(period=period, criterion="CC6.2", reason="No users enrol.")
    assert known(period, END, acme)[one.pk].in_scope is counts


def test_the_next_due_day_is_that_of_the_first_open_occurrence_ahead(acme, in_acme):
    period, one = rows.period(), rows.control()
    for days in (-40, 10, 40):
        rows.occurrence(one, Expected(START + dt.timedelta(days=days)))
    assert known(period, START, acme)[one.pk].next_due_on == START + dt.timedelta(days=10)
    assert known(period, END, acme)[one.pk].next_due_on is None
