"""Courses are set up, changed, retired and used again."""

from collections.abc import Iterable
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from policies.models import Course
from policies.training.rights import authorise
from tenancy.models import current_organization
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

FACTS = ("name", "about", "required", "departments", "required_from", "join_days", "months")


@action
def create_course(*, actor: Actor, name: str, **facts: Any) -> Course:
    """Set up a course. `facts`: the fields of the model; required from today unless said otherwise. Raises ActionRefused."""
    authorise(actor)
    return add_course(actor, name, **facts)


def add_course(actor: Actor, name: str, **facts: Any) -> Course:
    """The row of a course with its event. Part of a caller's action. Raises ActionRefused."""
    facts = tidy({"required_from": current_organization().today(), **facts})
    course = Course(name=stated(name, "Give it a name.", field="name"), **facts)
    _check(course)
    with refusing_taken(Course):
        course.save(force_insert=True)
    record("course.create", course, actor=actor, after={one: shown(getattr(course, one)) for one in FACTS})
    return course


@action
def edit_course(course: Course, *, actor: Actor, **facts: Any) -> Course:
    """Change what is known of a course. What people took keeps its days. Raises ActionRefused."""
    authorise(actor)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    if locked.status == Course.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    facts = tidy(facts)
    if "name" in facts:
        facts["name"] = stated(facts["name"], "Give it a name.", field="name")
    if not differing(locked, facts):
        raise ActionRefused("Nothing is different.")
    with refusing_taken(Course):
        return change(locked, "course.edit", actor=actor, fields=facts)


@action
def retire_course(course: Course, *, actor: Actor, reason: str) -> Course:
    """Nobody has to take it any more; who took it stays."""
    return Course.RETIRE.apply(course, actor=actor, note=stated(reason))


@action
def restore_course(course: Course, *, actor: Actor, reason: str = "") -> Course:
    """Use it again."""
    return Course.RESTORE.apply(course, actor=actor, note=reason.strip())


def tidy(facts: dict[str, Any]) -> dict[str, Any]:
    """As they are kept: texts without blanks around them, departments in one order."""
    found = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    if "departments" in found:
        departments: Iterable[str] = found["departments"]
        found["departments"] = sorted(set(departments))
    return found


def _check(course: Course) -> None:
    course.full_clean(exclude=["tenant"], validate_unique=False, validate_constraints=False)
