"""The level of a change follows from its answers, with the reasons."""

from changes.drafting.risk import QUESTIONS, asked_of, assess

HARMLESS = {
    "reach": "nobody",
    "undo": "minutes",
    "data": "none",
    "tried": "whole",
    "practice": "often",
    "interruption": "none",
    "rights": "less",
}


def test_without_answers_there_is_no_level_and_every_question_is_open():
    found = assess({}, "code")
    assert (found.level, found.reasons) == ("", ())
    assert found.missing == tuple(question.key for question in asked_of("code"))
    assert found.rule == "Answer 6 more."


def test_what_nobody_notices_is_low_without_a_reason():
    found = assess(HARMLESS, "infrastructure")
    assert (found.level, found.points, found.reasons, found.missing) == ("low", 0, (), ())


def test_points_add_up_and_the_heaviest_reason_comes_first():
    found = assess({**HARMLESS, "undo": "hour", "tried": "not"}, "data")
    assert (found.level, found.points) == ("medium", 3)
    assert found.reasons == ("It was not tried where everything is as in production.", "It takes up to an hour to undo.")


def test_one_answer_of_three_points_is_high_by_itself():
    assert assess({**HARMLESS, "reach": "all"}, "code").level == "high"


def test_six_points_are_high():
    spread = {**HARMLESS, "reach": "some", "practice": "never"}
    assert assess({**spread, "interruption": "quiet"}, "code").level == "medium"
    assert assess({**spread, "interruption": "busy"}, "code").level == "high"


def test_altered_data_that_cannot_be_put_back_within_the_hour_is_high():
    found = assess({**HARMLESS, "data": "alters", "undo": "longer"}, "data")
    assert (found.level, found.points) == ("high", 4)
    assert found.reasons[0] == "Data is altered, and undoing it takes longer than an hour."


def test_only_some_kinds_are_asked_about_rights():
    without = {key: value for key, value in HARMLESS.items() if key != "rights"}
    assert assess(without, "code").level == "low"
    assert assess(without, "access").missing == ("rights",)
    assert assess({**HARMLESS, "rights": "privileged"}, "code").level == "low"


def test_an_answer_that_is_none_leaves_its_question_open():
    assert assess({**HARMLESS, "reach": "zeppelin"}, "code").missing == ("reach",)
    assert assess({**HARMLESS, "reach": ["nobody"]}, "code").missing == ("reach",)


def test_the_kind_of_change_that_is_asked_least_can_reach_every_level():
    reached = {
        assess({**HARMLESS, question.key: answer.key}, "code").level for question in QUESTIONS for answer in question.answers
    }
    assert reached == {"low", "medium", "high"}
