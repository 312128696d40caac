"""The scale: the organization's words, versions that stay, and no change of it that moves what was rated."""

import pytest

from risks.models import Risk, RiskScale
from risks.register.actions import rate_risk
from risks.register.guidance import is_outdated
from risks.register.heatmap import counted, places
from risks.register.treating import accept
from risks.scales.actions import change_scale
from risks.scales.forms import initial_of
from risks.scales.standing import default_scale, scale_in_force
from tenancy.scope import tenant
from tests.risks.making import a_rated, steps
from tests.risks.test_register import AREA, soon
from ui.refusals import ActionRefused

THREE = [{"word": word, "meaning": ""} for word in ("Seldom", "Sometimes", "Often")]
LEVELS = [
    {"key": "low", "word": "Green", "from": 1},
    {"key": "medium", "word": "Yellow", "from": 3},
    {"key": "high", "word": "Red", "from": 6},
    {"key": "critical", "word": "Black", "from": 9},
]


@pytest.fixture
def one(acme, cast):
    with tenant(acme):
        yield a_rated(cast.manager, cast.employee)


def facts(scale, **said):
    return {name: getattr(scale, name) for name in ("likelihood", "impact", "levels")} | {"reason": "Our words."} | said


def test_new_words_for_the_same_steps_change_no_rating(one, cast):
    words = [{**step, "word": f"{step['word']}!"} for step in default_scale().likelihood]
    change_scale(actor=cast.manager, **facts(default_scale(), likelihood=words, same_meaning=True))
    scale = scale_in_force()
    assert (scale.number, scale.generation) == (2, 1)
    assert not is_outdated(one, scale)
    assert one.residual.words == "High: Unlikely (2) x Severe (5) = 10"  # as it was said then
    assert counted(Risk.objects.all(), "residual", scale) == {(2, 5): 1}
    with pytest.raises(ActionRefused, match="only words may differ"):
        change_scale(actor=cast.manager, **facts(scale, likelihood=THREE, levels=LEVELS, same_meaning=True))


def test_another_scale_leaves_ratings_on_theirs_and_asks_for_new_ones(one, cast, acme):
    accept(one, actor=cast.executive, reason="x", until=soon(acme))
    change_scale(actor=cast.manager, **facts(default_scale(), likelihood=THREE, impact=THREE, levels=LEVELS))
    scale = scale_in_force()
    one.refresh_from_db()
    assert (one.residual_score, one.residual_level, one.scale.number, one.status) == (10, "high", 1, "accepted")
    assert is_outdated(one, scale)
    assert counted(Risk.objects.all(), "residual", scale) == {}
    rate_risk(one, actor=cast.manager, reasoning="On the new scale.", **steps(3, 3, 1, 2, 0, 0))
    assert one.residual.words == "Green: Seldom (1) x Sometimes (2) = 2"
    assert one.status == "open"  # what was accepted was said on another measure
    assert [rating.scale.number for rating in one.ratings.all()] == [2, 1]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"likelihood": THREE[:2]}, "3 to 7 steps"),
        ({"likelihood": [THREE[0]] * 3}, "a word of its own"),
        ({"levels": [*LEVELS[:3], {"key": "critical", "word": "Black", "from": 26}]}, "none above 25"),
        ({"levels": LEVELS[::-1]}, "Each level has a word"),
        ({}, "Nothing was changed"),
        ({"reason": " "}, "Give a reason"),
    ],
)
def test_what_is_no_scale_is_refused(acme, cast, said, why):
    with tenant(acme), pytest.raises(ActionRefused, match=why):
        change_scale(actor=cast.manager, **facts(default_scale(), **said))


def test_a_version_is_never_changed(one):
    with pytest.raises(Exception, match="is immutable"):
        RiskScale.objects.update(reason="Other.")


def test_the_page_puts_a_version_in_force(acme, cast, client_of):
    client = client_of(cast.manager)
    with tenant(acme):
        form = initial_of(default_scale())
    said = {**form, "likelihood": "Seldom\nSometimes: now and then\nOften", "critical_from": 15, "reason": "Fewer steps."}
    assert client.post(f"{AREA}scale/edit/", {**said, "likelihood": "One"}).status_code == 422
    assert client.post(f"{AREA}scale/edit/", said).status_code == 303
    page = client.get(f"{AREA}scale/").content.decode()
    assert "now and then" in page
    assert "Fewer steps." in page
    assert client_of(cast.employee).get(f"{AREA}scale/").status_code == 403


def test_the_map_leads_to_the_list_of_each_place(one, cast, client_of):
    rows = places(scale_in_force(), counted(Risk.objects.all(), "residual", scale_in_force()), "residual")
    (place,) = [place for row in rows for place in row if place.count]
    client = client_of(cast.manager)
    page = client.get(f"{AREA}heat-map/").content.decode()
    assert '<svg class="chart heat"' in page
    assert page.count(place.url.replace("&", "&amp;")) == 2
    listed = client.get(f"/o/acme{place.url.removeprefix('/o/acme')}").content.decode()
    assert one.reference in listed
    other = client.get(f"{AREA}?residual=1-1").content.decode()
    assert one.reference not in other
    assert "0 of 0 risks" in client.get(f"{AREA}heat-map/?kind=inherent&category=fraud").content.decode()
