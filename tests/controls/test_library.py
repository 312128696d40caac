from itertools import combinations
from typing import get_args

import pytest

from controls.criteria import CRITERIA, Category, in_scope
from controls.library import GROUPS, LIBRARY
from controls.library.checklist import CHECKLIST, EIGHT_RULES
from controls.library.questions import BASE, BY_CATEGORY, NOTHING, QUESTIONS, adopted, proposal
from controls.library.starter import Cadence, Leg, OwnerRole, Population, Priority, StarterControl

CONTROLS = list(LIBRARY.values())
LARKFIELD = {
    "hosting": ["cloud"],
    "data": ["confidential"],
    "categories": ["availability", "confidentiality"],
    "uptime": "promised",
    "ai": "work",
    "development": "own",
    "places": ["office", "remote"],
    "people": ["contractors", "support"],
    "on_call": "rota",
    "period": "12",
}
EVERYTHING = {
    question.key: [value for value, _ in question.options if value != NOTHING] if question.multiple else question.options[0][0]
    for question in QUESTIONS
}


def words(control: StarterControl) -> str:
    return " ".join([control.title, control.objective, control.operation, control.evidence_expected, control.test]).lower()


def keys(controls):
    return [control.key for control in controls]


def test_no_control_hides_another_of_the_same_number():
    assert len(LIBRARY) == sum(len(group) for group in GROUPS.values())


@pytest.mark.parametrize("control", CONTROLS, ids=list(LIBRARY))
def test_a_control_says_everything_in_whole_sentences(control):
    for text in (control.objective, control.operation, control.evidence_expected, control.test, control.instructions):
        assert text.endswith(".")
        assert 30 <= len(text) <= 320
    assert 15 <= len(control.title) <= 70
    assert not control.title.endswith(".")
    assert control.criteria
    for key, note in control.criteria.items():
        assert key in CRITERIA
        assert note.endswith(".")
        assert len(note) > 20


@pytest.mark.parametrize("control", CONTROLS, ids=list(LIBRARY))
def test_a_control_uses_known_words(control):
    assert control.cadence in get_args(Cadence)
    assert control.population in get_args(Population)
    assert control.owner_role in get_args(OwnerRole)
    assert control.priority in get_args(Priority)
    assert set(control.legs) <= set(get_args(Leg))
    assert "operation" in control.legs


@pytest.mark.parametrize("control", CONTROLS, ids=list(LIBRARY))
def test_a_population_is_named_exactly_when_the_control_runs_per_event(control):
    assert bool(control.population) == (control.cadence == "per_event")


def test_what_is_configured_has_a_technical_leg():
    assert all("technical" in control.legs for control in CONTROLS if control.cadence == "continuous")


def test_titles_and_texts_are_not_copied_from_each_other():
    for field in ("title", "objective", "operation", "evidence_expected", "test", "instructions"):
        texts = [getattr(control, field) for control in CONTROLS]
        assert len(set(texts)) == len(texts), field


@pytest.mark.parametrize("phrase", ["the entity", "points of focus", "control activities", "service commitments", "compliant"])
def test_the_words_are_ours(phrase):
    assert [control.key for control in CONTROLS if phrase in words(control)] == []


def test_every_criterion_has_a_control():
    assert {key for control in CONTROLS for key in control.criteria} == set(CRITERIA)


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("AC-001", "user access is restricted by role"),
        ("AC-002", "multi-factor authentication is enforced"),
        ("MON-001", "availability is monitored"),
        ("CHG-001", "production changes are documented and approved"),
        ("AC-003", "a new user needs approval"),
        ("AC-004", "a leaver's access is removed"),
        ("MON-003", "administrators' actions are logged"),
        ("NET-001", "firewalls and segmentation"),
        ("NET-002", "intrusion detection"),
        ("VUL-003", "patched"),
        ("MON-005", "anomalies are detected"),
        ("MON-005", "correlated"),
        ("MON-002", "logs are central"),
        ("AC-007", "secrets manager; access is by role and logged"),
        ("AC-007", "rotated every quarter"),
        ("AC-009", "only for a recorded reason"),
        ("AI-001", "prompt injection"),
        ("AI-002", "output is validated"),
        ("AI-003", "responses are logged"),
        ("AI-004", "tool"),
        ("AI-005", "fallback"),
        ("RSK-001", "at least one of fraud and one of vendors"),
    ],
)
def test_what_the_library_must_name_is_there(key, phrase):
    assert phrase in words(LIBRARY[key])


@pytest.mark.parametrize(
    ("key", "cadence", "population"),
    [
        ("AC-002", "continuous", ""),
        ("AC-003", "per_event", "access_grants"),
        ("AC-004", "per_event", "leavers"),
        ("AC-005", "quarterly", ""),
        ("AC-007", "quarterly", ""),
        ("BCP-002", "daily", ""),
        ("BCP-003", "quarterly", ""),
        ("CHG-001", "per_event", "changes"),
        ("CHG-004", "per_event", "deployments"),
        ("HR-001", "per_event", "joiners"),
        ("INC-002", "per_event", "incidents"),
        ("RSK-001", "yearly", ""),
        ("VEN-001", "per_event", "vendors"),
        ("VUL-001", "weekly", ""),
        ("VUL-002", "yearly", ""),
    ],
)
def test_controls_run_as_often_as_in_practice(key, cadence, population):
    assert (LIBRARY[key].cadence, LIBRARY[key].population) == (cadence, population)


def test_checklist_and_rules_are_those_of_the_binder():
    assert [len([item for item in CHECKLIST.values() if item.group == group]) for group in groups()] == [8, 6, 6, 6]
    assert len(EIGHT_RULES) == 8
    assert not CHECKLIST.keys() & EIGHT_RULES.keys()


def groups():
    return dict.fromkeys(item.group for item in CHECKLIST.values())


def test_each_item_of_the_checklist_has_a_control_and_each_control_names_known_items():
    named = {item for control in CONTROLS for item in control.checklist}
    assert named == {*CHECKLIST, *EIGHT_RULES}


# The questions


def test_there_are_ten_questions_with_different_answers():
    assert len(QUESTIONS) == len({question.key for question in QUESTIONS}) == 10
    for question in QUESTIONS:
        assert len(dict(question.options)) == len(question.choices) >= 2
        assert question.text.endswith("?")
        assert question.help.endswith(".")


def test_the_smallest_answer_covers_the_33_common_criteria():
    covered = {key for control in adopted({}) for key in control.criteria}
    assert {criterion.key for criterion in in_scope([])} <= covered


@pytest.mark.parametrize("category", Category)
def test_a_category_brings_controls_for_all_its_criteria(category):
    covered = {key for control in adopted({}, [category]) for key in control.criteria}
    assert {criterion.key for criterion in in_scope([category])} <= covered


def outcome(answers):
    return keys(adopted(answers)), proposal(answers)


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.key for question in QUESTIONS])
def test_every_answer_changes_something(question):
    outcomes = [outcome({question.key: [option.value]}) for option in question.choices]
    if question.multiple:
        assert outcome({question.key: [NOTHING]}) == outcome({})
    assert all(first != second for first, second in combinations(outcomes, 2))


def test_every_control_is_reached_by_some_answers():
    reached = set(keys(adopted(EVERYTHING, Category.values)))
    reached |= set(keys(adopted({**EVERYTHING, "development": "outside"})))
    assert reached == set(LIBRARY)


def test_questions_name_known_controls_only():
    named = {key for question in QUESTIONS for option in question.choices for key in option.adopts}
    assert {*BASE, *named, *(key for added in BY_CATEGORY.values() for key in added)} == set(LIBRARY)
    assert len(set(BASE)) == len(BASE)


def test_no_control_is_adopted_that_answers_nothing_in_scope():
    controls = adopted(LARKFIELD, ["security"])
    assert "AVL-001" not in keys(controls)
    assert all(any(key.startswith("CC") for key in control.criteria) for control in controls)


def test_the_order_of_answers_does_not_matter():
    turned = {key: value if isinstance(value, str) else value[::-1] for key, value in reversed(LARKFIELD.items())}
    assert outcome(turned) == outcome(LARKFIELD)
    assert keys(adopted(LARKFIELD)) == [key for key in LIBRARY if key in keys(adopted(LARKFIELD))]


def test_a_software_company_adopts_about_sixty():
    assert 55 <= len(adopted(LARKFIELD)) <= 65
    assert proposal(LARKFIELD).categories == (Category.SECURITY, Category.AVAILABILITY, Category.CONFIDENTIALITY)
    assert (proposal(LARKFIELD).period_type, proposal(LARKFIELD).period_months) == ("type_2", 12)


def test_a_category_is_proposed_with_its_reason():
    suggested = proposal({"uptime": "promised", "data": ["individuals"]})
    assert suggested.reasons == {
        Category.AVAILABILITY: "You promise an uptime.",
        Category.PRIVACY: "You answer to individuals yourself for their data.",
    }
    assert proposal({}).categories == (Category.SECURITY,)


def test_what_the_organization_decides_beats_what_is_proposed():
    assert "AVL-001" in keys(adopted({"uptime": "promised"}))
    assert "AVL-001" not in keys(adopted({"uptime": "promised"}, []))


@pytest.mark.parametrize(
    "answers", [{"hosting": ["moon"]}, {"weather": "fine"}, {"ai": ["work", "product"]}, {"categories": "security"}]
)
def test_an_unknown_answer_is_refused(answers):
    with pytest.raises(ValueError, match=r"no such|one answer"):
        adopted(answers)
