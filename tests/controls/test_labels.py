import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.criteria import CRITERIA, in_order
from controls.labels import Understood, understand
from controls.library import LIBRARY
from controls.topics import TOPICS

CC7 = ("CC7.1", "CC7.2", "CC7.3", "CC7.4", "CC7.5")
PI = ("PI1.1", "PI1.2", "PI1.3", "PI1.4", "PI1.5")


def keys(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Every mistake in the wild whose ids are real: kept, and the other offered.
OFFERED = [
    ("CC7.2 change management", "CC7.2", "CC8.1"),
    ("CC7.1-CC7.5 change and patch management", " ".join(CC7), "CC7.1 CC8.1"),
    ("CC6.2 MFA", "CC6.2", "CC6.1"),
    ("CC6.6 encryption", "CC6.6", "CC6.1 CC6.7"),
    ("CC6.4-CC6.7 segmentation", "CC6.4 CC6.5 CC6.6 CC6.7", "CC6.1 CC6.6"),
    ("A1.1 performance monitoring", "A1.1", "CC7.2 A1.1"),
    ("A1.2 monitoring", "A1.2", "CC7.2 A1.1"),
    ("A1.2 capacity", "A1.2", "A1.1"),
    ("A1.3 incident management", "A1.3", "CC7.3 CC7.4 CC7.5"),
    ("PI1.1 input validation", "PI1.1", "PI1.2"),
    ("PI1.2 monitoring", "PI1.2", "PI1.3"),
    ("PI1.3 change controls", "PI1.3", "CC8.1"),
    ("PI1.4 error detection", "PI1.4", "PI1.3"),
    ("C1.2 encryption", "C1.2", "CC6.1 CC6.7"),
    ("P3.1-P3.2 notice", "P3.1 P3.2", "P1.1"),
    ("P4.1-P4.3 consent", "P4.1 P4.2 P4.3", "P2.1 P3.2"),
    ("P5.1 collection", "P5.1", "P3.1"),
    ("P5.2 retention", "P5.2", "P4.2 P4.3"),
    ("P6.1-P6.2 access and correction", "P6.1 P6.2", "P5.1 P5.2"),
    ("P7.1 third parties", "P7.1", "CC9.2 P6.1 P6.4"),
]

# Ids that do not exist: corrected, with a notice.
CORRECTED = [
    ("PP1.1", "PI1.1"),
    ("PP1.2", "PI1.2"),
    ("PP1.3", "PI1.3"),
    ("PP1.4", "PI1.4"),
    ("PP1.5", "PI1.5"),
    ("PP1.1-PP1.3", "PI1.1 PI1.2 PI1.3"),
    ("C1.3", "CC6.1 CC6.3"),
    ("C1.3 access to confidential information", "CC6.1 CC6.3"),
    ("C1.3 retention", "C1.1 C1.2"),
    ("CC9.9 vendor management", "CC9.2"),
    ("CC6.9 - MFA", "CC6.1"),
    ("CC7.1-CC7.9", " ".join(CC7)),
    ("CC8", "CC8.1"),
]

# Ways to write what is right.
FORMATS = [
    ("CC6.1", "CC6.1"),
    ("CC 6.1", "CC6.1"),
    ("cc6.1", "CC6.1"),
    ("cc-6.1", "CC6.1"),
    ("CC6.01", "CC6.1"),
    ("CC06.1", "CC6.1"),
    ("CC6.1.", "CC6.1"),
    ("CC6.1.2", "CC6.1"),
    ("  CC6.1\u00a0", "CC6.1"),
    ("\uff23\uff23\uff16.\uff11", "CC6.1"),
    ("SOC 2 CC6.1", "CC6.1"),
    ("SOC2_CC6.1", "CC6.1"),
    ("TSC: CC6.1", "CC6.1"),
    ("[CC6.1]", "CC6.1"),
    ("CC6.1 - Logical access", "CC6.1"),
    ("CC6.1: Logical access safeguards", "CC6.1"),
    ("CC6.1, CC6.2", "CC6.1 CC6.2"),
    ("CC6.2,CC6.1,CC6.2", "CC6.1 CC6.2"),
    ("CC6.1; CC6.2", "CC6.1 CC6.2"),
    ("CC6.1\nCC6.2\r\nCC6.3", "CC6.1 CC6.2 CC6.3"),
    ("- CC6.1\n- CC6.2", "CC6.1 CC6.2"),
    ("CC6.1 | A1.2", "CC6.1 A1.2"),
    ("CC6.1/CC6.2 & CC6.3", "CC6.1 CC6.2 CC6.3"),
    ("CC6.1, 6.2 and 6.3", "CC6.1 CC6.2 CC6.3"),
    ("CC6.1/6.2/7.2", "CC6.1 CC6.2 CC7.2"),
    ("CC6.1/2", "CC6.1 CC6.2"),
    ("CC7.1-CC7.5", " ".join(CC7)),
    ("CC7.1 \u2013 CC7.5", " ".join(CC7)),
    ("CC7.1 to CC7.5", " ".join(CC7)),
    ("CC7.1 through 7.5", " ".join(CC7)),
    ("CC7.1-7.5", " ".join(CC7)),
    ("CC7.1-5", " ".join(CC7)),
    ("CC7.5-CC7.1", " ".join(CC7)),
    ("CC6.8-CC7.2", "CC6.8 CC7.1 CC7.2"),
    ("CC7.4-CC7.5, CC8.1", "CC7.4 CC7.5 CC8.1"),
    ("CC6.1 - A1.2", "CC6.1 A1.2"),
    ("P6.1, PI1.1, C1.1, A1.1", "A1.1 C1.1 PI1.1 P6.1"),
    ("Access is granted by role (CC6.3) and reviewed every quarter (CC6.2, CC4.1).", "CC4.1 CC6.2 CC6.3"),
    ("Changes are approved before release, see CC8.1", "CC8.1"),
    ("CC6.7 and 1.2 or newer", "CC6.7"),
    ("CC7.2 for a 1.2 million users", "CC7.2"),
    ("CC6.1 - 2 factors", "CC6.1"),
    ("Privacy notice", "P1.1"),
    ("", ""),
    ("  \n", ""),
]

# Nothing that could be stored; a person has to choose.
OPEN = [
    ("CC9.9", ""),
    ("CC9.9 general", ""),
    ("CC10.1", ""),
    ("CC10.1-CC10.3", ""),
    ("A2-A3", ""),
    ("PP2.1", ""),
    ("A5.15", ""),
    ("Q3", ""),
    ("Everything is secure", ""),
    ("CC0", ""),
    ("CC6", "CC6.1 CC6.2 CC6.3 CC6.4 CC6.5 CC6.6 CC6.7 CC6.8"),
    ("CC7.x", " ".join(CC7)),
    ("PP1.x", " ".join(PI)),
    ("CC3-CC4", "CC3.1 CC3.2 CC3.3 CC3.4 CC4.1 CC4.2"),
    ("Change management", "CC8.1"),
    ("MFA", "CC6.1"),
    ("P1 incident response", "CC7.4"),
]

# The table of where topics belong.
BELONGS = [
    ("MFA", "CC6.1", "CC6.6"),
    ("RBAC, least privilege", "CC6.3", "CC6.1"),
    ("Quarterly access review", "CC6.2 CC6.3", "CC4.1"),
    ("Deprovisioning", "CC6.2 CC6.3", "CC6.1"),
    ("Encryption in transit", "CC6.7", "CC6.1"),
    ("Encryption at rest, key management", "CC6.1", "CC6.7 C1.1"),
    ("Network segmentation", "CC6.1", "CC6.6"),
    ("Vulnerability scanning", "CC7.1", "CC3.2"),
    ("Monitoring, alerting", "CC7.2", "CC7.1 CC7.3 A1.1"),
    ("Incident response", "CC7.4", "CC7.3 CC7.5 CC2.2 CC2.3"),
    ("Change management", "CC8.1", "CC3.4"),
    ("Vendor management", "CC9.2", "CC2.3 P6.4 P6.5"),
    ("Backup", "A1.2", "CC7.5 A1.3"),
    ("Disaster recovery", "A1.2 A1.3", "CC7.5 CC9.1"),
    ("Capacity planning", "A1.1", ""),
    ("Risk assessment", "CC3.1 CC3.2 CC3.3 CC3.4", "CC9.1 CC5.1"),
    ("Policies", "CC5.3", "CC1.1 CC2.2"),
    ("Security training", "CC1.4 CC2.2", ""),
    ("Retention, disposal", "C1.1 C1.2", "CC6.5 P4.2 P4.3"),
    ("Data classification", "C1.1", "CC6.1"),
    ("Error detection", "PI1.3", "PI1.2"),  # PI1.4 may hold it as well, but is also the common mistake, so it is offered
    ("Segregation of duties", "CC5.1 CC6.3", "CC8.1"),
    ("Malware, endpoints", "CC6.8", "CC6.7"),
    ("Control monitoring", "CC4.1 CC4.2", ""),
    ("Background checks", "CC1.4", ""),
    ("Code of conduct", "CC1.1", "CC1.5"),
    ("Board oversight", "CC1.2", ""),
    ("Organization chart", "CC1.3", ""),
    ("Joiners", "CC6.2", ""),
    ("Asset inventory", "CC6.1", ""),
    ("Penetration test", "CC4.1 CC7.1", ""),
    ("Patching", "CC7.1 CC8.1", ""),
    ("Logging", "CC7.2", ""),
    ("Production data in test", "CC8.1 C1.1", ""),
    ("Business continuity", "CC9.1", "A1.2 A1.3"),
    ("Fraud risk", "CC3.3", ""),
]


@pytest.mark.parametrize(("label", "kept", "offered"), OFFERED)
def test_a_real_id_with_other_words_is_kept_and_the_correction_offered(label, kept, offered):
    meaning = understand(label)
    assert meaning.criteria == keys(kept)
    assert meaning.offered == keys(offered)
    assert not meaning.certain
    assert "until you accept" in meaning.notice


@pytest.mark.parametrize(("label", "kept", "offered"), OFFERED)
def test_the_words_may_stand_in_the_title_of_the_control(label, kept, offered):
    ids, _, words = label.partition(" ")
    assert understand(ids, words) == understand(label)


@pytest.mark.parametrize(("label", "_kept", "offered"), OFFERED)
def test_nothing_is_offered_to_a_label_that_has_the_right_ones_already(label, _kept, offered):
    ids, _, words = label.partition(" ")
    assert understand(f"{ids}, {', '.join(keys(offered))}", words).certain


@pytest.mark.parametrize(("label", "meant"), CORRECTED)
def test_an_id_that_does_not_exist_is_corrected_with_a_notice(label, meant):
    meaning = understand(label)
    assert (meaning.criteria, meaning.offered, meaning.certain) == (keys(meant), (), True)
    assert meaning.notice


def test_an_invented_id_is_named_in_its_notice():
    assert understand("C1.3").notice == (
        "C1.3 does not exist: taken as CC6.1 (Logical access safeguards) and CC6.3 (Roles, least privilege, duty separation)."
    )
    assert understand("CC6.9").notice == "CC6.9 does not exist; CC6 ends at CC6.8. Choose the criterion that is meant."
    assert understand("PP1.3").notice == "PP1.3 does not exist; processing integrity is PI: taken as PI1.3."


def test_a_mistake_is_seen_under_a_corrected_id_too():
    meaning = understand("PP1.2 monitoring")
    assert (meaning.criteria, meaning.offered, meaning.certain) == (("PI1.2",), ("PI1.3",), False)


@pytest.mark.parametrize(("label", "meant"), FORMATS)
def test_what_is_right_is_read_however_it_is_written(label, meant):
    meaning = understand(label)
    assert (meaning.criteria, meaning.offered, meaning.certain) == (keys(meant), (), True)


@pytest.mark.parametrize(("label", "offered"), OPEN)
def test_a_label_without_a_criterion_is_never_stored_as_one(label, offered):
    meaning = understand(label)
    assert (meaning.criteria, meaning.offered, meaning.certain) == ((), keys(offered), False)
    assert meaning.notice


@pytest.mark.parametrize(("topic", "primary", "also"), BELONGS)
def test_a_topic_alone_is_offered_where_it_belongs(topic, primary, also):
    meaning = understand(topic)
    titled = len(keys(primary)) == 1 and topic == CRITERIA[primary].title  # "Incident response" is a title of ours as well
    assert (meaning.criteria if titled else meaning.offered) == keys(primary)
    assert meaning.notice


@pytest.mark.parametrize(("topic", "primary", "also"), BELONGS)
def test_a_topic_where_it_belongs_is_left_alone(topic, primary, also):
    for key in (*keys(primary), *keys(also)):
        assert understand(f"{key} {topic}") == Understood((key,), "", certain=True)


@pytest.mark.parametrize(("topic", "primary", "also"), BELONGS)
def test_a_topic_elsewhere_is_offered_where_it_belongs(topic, primary, also):
    meaning = understand(f"PI1.5 - {topic}")
    assert (meaning.criteria, meaning.offered, meaning.certain) == (("PI1.5",), keys(primary), False)


def test_the_table_of_topics_is_tested_as_a_whole():
    # One more: "Encryption" that says neither at rest nor in transit.
    assert len(TOPICS) == len(BELONGS) + 1


@pytest.mark.parametrize("criterion", CRITERIA.values(), ids=list(CRITERIA))
def test_our_own_titles_are_understood(criterion):
    assert understand(str(criterion)) == Understood((criterion.key,), "", certain=True)
    assert understand(criterion.title).criteria == (criterion.key,)


@pytest.mark.parametrize("control", LIBRARY.values(), ids=list(LIBRARY))
def test_the_labels_of_our_own_library_come_back_as_they_are(control):
    for text in (control.title, control.objective):
        meaning = understand(", ".join(control.criteria), text)
        assert meaning == Understood(in_order(control.criteria), "", certain=True)


def test_each_part_of_a_list_keeps_its_own_words():
    meaning = understand("CC6.1 MFA; CC7.2 change management\nCC9.2 vendors")
    assert meaning.criteria == ("CC6.1", "CC7.2", "CC9.2")
    assert meaning.offered == ("CC6.1", "CC8.1", "CC9.2")


def test_words_before_ids_go_with_them():
    meaning = understand("Encryption at rest (CC6.1), change management (CC7.2)")
    assert meaning.offered == ("CC6.1", "CC8.1")


def test_what_is_read_is_kept_beside_what_is_not():
    meaning = understand("CC6.1, CC9.9")
    assert (meaning.criteria, meaning.certain) == (("CC6.1",), False)
    assert "CC9.9 does not exist" in meaning.notice


def test_a_range_that_ends_nowhere_keeps_its_beginning():
    meaning = understand("CC6.1-CC10.2")
    assert (meaning.criteria, meaning.certain) == (("CC6.1",), False)
    assert "CC10.2 does not exist" in meaning.notice
    assert understand("CC9.9-CC9.2").criteria == ("CC9.2",)


def test_a_context_of_many_topics_does_not_decide_what_an_invented_id_means():
    assert understand("C1.3", "Backups, vendors and patching").criteria == ("CC6.1", "CC6.3")


PIECES = st.sampled_from(
    [
        "CC",
        "cc",
        "A",
        "PI",
        "PP",
        "P",
        "C",
        "6",
        "1",
        "9",
        "0",
        ".",
        "-",
        "\u2013",
        " ",
        ",",
        ";",
        "\n",
        "/",
        "to",
        "and",
        "MFA",
        "(",
        ")",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)), st.text(max_size=30))
def test_it_never_raises_and_never_invents(label, context):
    meaning = understand(label, context)
    assert set(meaning.criteria) <= set(CRITERIA)
    assert set(meaning.offered) <= set(CRITERIA)
    assert meaning.criteria == in_order(meaning.criteria)
    assert meaning.notice or meaning.certain
    assert not (meaning.offered and meaning.certain)


@given(st.lists(st.sampled_from(list(CRITERIA)), min_size=1), st.sampled_from([",", ", ", ";", "\n", " / ", " and ", " "]))
def test_a_list_of_real_ids_is_exactly_these(chosen, separator):
    assert understand(separator.join(chosen)) == Understood(in_order(chosen), "", certain=True)


def test_a_very_long_label_is_read_in_time():
    assert understand("CC6.1-" * 100_000 + "x").criteria == ("CC6.1",)
