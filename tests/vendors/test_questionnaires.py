"""Answers are read as they are written, scored by the rule, and followed by findings."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.models import Finding
from ui.refusals import ActionRefused
from vendors.models import QuestionnaireAnswer, VendorQuestionnaire
from vendors.questionnaires.actions import follow_answer, keep_answers
from vendors.questionnaires.scoring import Score, reading_of, score

FILE = """Section,Question,Answer,Comment,Weight,Expected
Access,Is a second factor required?,Yes,,3,
Access,Are leavers removed in a day?,"No, in a week",Planned,high,
Data,Was there a breach in three years?,No,,2,No
Data,Do you encrypt backups?,Partially,,1,
Data,Do you print our data?,N/A,,1,
Other,Who is your auditor?,Somebody & Co,,1,
"""


def kept(vendor, actor, today, text=FILE):
    return keep_answers(vendor, actor=actor, file=SimpleUploadedFile("answers.csv", text.encode()), answered_on=today)


@pytest.mark.parametrize(
    ("answer", "expected", "came"),
    [
        ("Yes", "", "met"), ("yes, since 2021", "", "met"), ("YES.", "", "met"), ("No", "", "not_met"), ("no", "No", "met"),
        ("Yes", "no", "not_met"), ("Partially", "No", "partly"), ("N/A", "", "not_applicable"), ("", "", "unclear"),
        ("Yesterday", "", "unclear"), ("Not in place", "", "not_met"), ("Notable work", "", "unclear"), ("Maybe", "", "unclear"),
    ],
)  # fmt: skip
def test_an_answer_comes_to_what_it_says(answer, expected, came):
    assert reading_of(answer, expected) == came


def test_the_score_is_the_share_by_weight_rounded_down():
    rows = [("met", 3), ("not_met", 3), ("met", 2), ("partly", 1), ("not_applicable", 1), ("unclear", 1)]
    assert score(rows) == Score(55, 6, 1, 1)  # 5.5 of 10
    assert score([("not_applicable", 3)]).percent is None
    assert score([("met", 3), ("met", 3), ("not_met", 1)]).percent == 85
    assert score([("met", 1)]).percent == 100


def test_a_file_is_kept_read_and_scored(asked, manager, today):
    made = kept(asked(), manager, today)
    assert (made.score, made.questions, made.not_met, made.unclear) == (55, 6, 1, 1)
    assert made.evidence.category == "vendor"
    assert QuestionnaireAnswer.objects.get(place=2).weight == 3


def test_an_answer_that_is_not_good_enough_becomes_one_finding(asked, manager, cast, today):
    made = kept(asked(), manager, today)
    answer = made.answers.get(place=2)
    with pytest.raises(ActionRefused, match="Your role"):
        follow_answer(answer, actor=cast.employee)
    finding = follow_answer(answer, actor=manager)
    assert (finding.severity, finding.title) == ("high", "Northwind Mail: Are leavers removed in a day?")
    with pytest.raises(ActionRefused, match="was raised of it already"):
        follow_answer(answer, actor=manager)
    with pytest.raises(ActionRefused, match="nothing to follow"):
        follow_answer(made.answers.get(place=1), actor=manager)
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no column Question and no column Answer"),
        ("Question,Answer\n,\n", "no question|empty|no rows|has no"),
        ("Question,Answer,Weight\nx?,Yes,9\n", "the weight is 1, 2 or 3"),
    ],
)
def test_what_is_no_questionnaire_is_refused(asked, manager, today, text, words):
    with pytest.raises(ActionRefused, match=words):
        kept(asked(), manager, today, text)
    assert not VendorQuestionnaire.objects.exists()


def test_its_page_shows_the_worst_first_and_raises(asked, manager, today, client_of):
    made = kept(asked(), manager, today)
    client = client_of(manager)
    page = client.get(f"/o/acme/vendors/questionnaires/{made.pk}/").content.decode()
    assert page.index("Are leavers removed") < page.index("Who is your auditor") < page.index("Is a second factor")
    client.post(f"/o/acme/vendors/answers/{made.answers.get(place=2).pk}/finding/")
    assert Finding.objects.get().link.endswith(f"/vendors/questionnaires/{made.pk}/")
