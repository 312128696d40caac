from collections import Counter

import pytest

from controls.criteria import CRITERIA, CRITERION_CHOICES, FAMILIES, Category, in_order, in_scope


def test_there_are_61_criteria_in_five_categories():
    assert len(CRITERIA) == 61
    assert Counter(criterion.category for criterion in CRITERIA.values()) == {
        Category.SECURITY: 33,
        Category.AVAILABILITY: 3,
        Category.CONFIDENTIALITY: 2,
        Category.PROCESSING_INTEGRITY: 5,
        Category.PRIVACY: 18,
    }


def test_the_common_criteria_have_as_many_as_the_standard_in_each_family():
    sizes = Counter(criterion.family for criterion in CRITERIA.values())
    assert [sizes[f"CC{number}"] for number in range(1, 10)] == [5, 3, 4, 2, 3, 8, 5, 1, 2]
    assert [sizes[f"P{number}"] for number in range(1, 9)] == [1, 1, 2, 3, 2, 7, 1, 1]
    assert set(sizes) == set(FAMILIES)


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("CC1.1", "Integrity and ethics"),
        ("CC3.3", "Fraud risk"),
        ("CC6.3", "Roles, least privilege, duty separation"),
        ("CC6.8", "Unwanted and malicious software"),
        ("CC7.1", "Weakness and drift detection"),
        ("CC7.5", "Incident recovery"),
        ("CC8.1", "Change control"),
        ("CC9.2", "Vendor and partner risk"),
        ("A1.2", "Environment, backup, recovery means"),
        ("C1.2", "Dispose of confidential data"),
        ("PI1.5", "Stored-data controls"),
        ("P3.2", "Explicit consent first"),
        ("P6.7", "Account to the individual"),
        ("P8.1", "Complaints and monitoring"),
    ],
)
def test_each_stands_under_its_number(key, title):
    assert CRITERIA[key].title == title
    assert (key, f"{key} {title}") in CRITERION_CHOICES


def test_titles_are_different():
    assert len({criterion.title for criterion in CRITERIA.values()}) == 61


def test_security_is_always_in_scope():
    assert [criterion.key for criterion in in_scope([])] == [key for key in CRITERIA if key.startswith("CC")]


def test_the_example_has_38_criteria():
    assert len(in_scope(["security", "availability", "confidentiality"])) == 38


def test_what_is_not_relevant_is_out_of_scope():
    keys = [criterion.key for criterion in in_scope([Category.AVAILABILITY], ["CC6.4", "P1.1"])]
    assert len(keys) == 35
    assert "CC6.4" not in keys


def test_a_slip_in_the_scope_is_refused_rather_than_ignored():
    with pytest.raises(ValueError, match="avialability"):
        in_scope(["avialability"])
    with pytest.raises(KeyError):
        in_scope([], ["CC9.9"])


def test_criteria_are_put_in_order_once_each():
    assert in_order(["P1.1", "A1.1", "CC6.1", "CC2.1", "A1.1"]) == ("CC2.1", "CC6.1", "A1.1", "P1.1")
