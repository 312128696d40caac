"""The lists of training: what was taken, the courses, and who has to take one."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from audit.exports import RecordsExports
from policies.models import Course, TrainingRecord
from policies.training import standing
from policies.training.rights import EVERYBODY, READ, WRITE, records_visible_to
from tenancy.models import current_organization
from ui.screens import Column, Empty, Filter, ListScreen

TRAINING = ("Training", "policies:training")
COURSES = ("Courses", "policies:courses")
STATES = [("counts", "Counts"), ("expired", "Expired"), ("withdrawn", "Withdrawn")]
PEOPLE = [("overdue", "Overdue"), ("soon", "Within 30 days"), ("trained", "Trained")]


class TrainingList(RecordsExports, ListScreen):
    """Who took which course, and until when it counts."""

    permission = EVERYBODY
    title = "Training"
    template_name = "policies/training/record_list.html"
    noun = "trainings"
    noun_one = "training"
    default_order = ("-completed_on",)
    search_fields = ("person__name", "course__name")
    search_hint = "Person or course"
    primary_action = ("Record training", "policies:training-create", WRITE)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "Who took which course, and until when it counts."
        return "The courses that you took, and those that you have to take."

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """Those who record can begin here."""
        if not self.request.member.can(WRITE):
            return Empty("No training yet", "Nothing is recorded.")
        why = "Set up the courses that people have to take, and record who took them, or bring a list from elsewhere."
        return Empty(
            "No training yet", why, ("Import training", "policies:training-import"), ("Sample file", "policies:training-sample")
        )

    def get_columns(self) -> tuple[Column, ...]:
        """The organization's day decides what has expired."""
        today = self.request.organization.today()
        return (
            Column("person.name", "Person", sort="person__name", link=True),
            Column("person.email", "E-mail", hide_below=1500),
            Column("course.name", "Course", sort="course__name", wide=True),
            Column("person.department", "Department", sort="person__department", hide_below=1000),
            Column("completed_on", "Completed", sort="completed_on"),
            Column("expires_on", "Expires", sort="expires_on", hide_below=700),
            Column("certificate.reference", "Certificate", hide_below=1300, whole=True),
            Column("standing", "State", value=lambda one: one.badge(today), text=lambda one: one.badge(today).label),
        )

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        """What this member may see."""
        return records_visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """By what holds today."""
        today = self.request.organization.today()
        current, expired = Q(status="current"), Q(expires_on__lt=today)
        where = {"counts": current & ~expired, "expired": current & expired, "withdrawn": Q(status="withdrawn")}
        mine = {"mine": Q(person__member=self.request.member.pk)}
        return (
            Filter("state", "State", choices=STATES if self.request.member.can(READ) else STATES[:2], where=where),
            Filter("view", "View", choices=[("mine", "Mine")], where=mine),
            Filter("course", "Course", choices=_courses, lookup="course"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the member has to take."""
        member, today = self.request.member, self.request.organization.today()
        owed = standing.owed_by(member, list(standing.required()), today)
        return super().get_context_data(owed=owed, today=today, may_read=member.can(READ), may_write=member.can(WRITE), **kwargs)


def _courses(screen: Any) -> list[tuple[Any, str]]:
    if not screen.request.member.can(READ):
        return []
    return [(one.pk, one.name) for one in Course.objects.only("name")]


class CourseList(RecordsExports, ListScreen):
    """What people are trained in, and how many still have to be."""

    permission = READ
    title = "Courses"
    lede = "What people are trained in, who has to take it, and how many are late."
    breadcrumbs = (TRAINING,)
    noun = "courses"
    noun_one = "course"
    default_order = ("name",)
    search_fields = ("name",)
    search_hint = "Words of the name"
    primary_action = ("New course", "policies:course-create", WRITE)
    empty = Empty("No courses yet", "A course says who has to take it, and how often.", ("New course", "policies:course-create"))
    filters = (
        Filter("state", "State", choices=Course.Status.choices, lookup="status"),
        Filter("required", "Required", choices=[("yes", "Required")], where={"yes": Q(required=True)}),
    )

    def get_columns(self) -> tuple[Column, ...]:
        """With how many have to take each, and how many are late: two queries for all of them."""
        return (
            Column("name", "Course", sort="name", link=True, wide=True),
            Column("whom", "Who has to take it", value=whom, hide_below=1000),
            Column("join_days", "Days from joining", sort="join_days", numeric=True, hide_below=1300),
            Column("months", "Again after months", sort="months", numeric=True, hide_below=1000),
            Column("people", "People", numeric=True, hide_below=700, value=lambda one: self.people.get(one.pk, "")),
            Column("overdue", "Overdue", numeric=True, value=lambda one: self.late.get(one.pk, "")),
            Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        )

    @cached_property
    def people(self) -> dict[Any, int]:
        """How many have to take each."""
        return standing.people_by_course(self.courses, self.request.organization.today())

    @cached_property
    def late(self) -> dict[Any, int]:
        """How many are late, by course."""
        return standing.overdue_by_course(self.courses, self.request.organization.today())

    @cached_property
    def courses(self) -> list[Course]:
        """Those that people have to take."""
        return list(standing.required())

    def get_queryset(self) -> QuerySet[Course]:
        """All of them."""
        return Course.objects.all()


def whom(course: Course) -> str:
    """Who has to take it, in words."""
    if not course.required:
        return "Nobody has to"
    return ", ".join(course.departments) or "Everybody"


class CoursePeople(RecordsExports, ListScreen):
    """Everybody who has to take a course, and how they stand."""

    permission = READ
    noun = "people"
    noun_one = "person"
    default_order = ("due_on",)
    search_fields = ("name", "department")
    search_hint = "Person or department"
    empty = Empty("Nobody has to take it", "It is not required, or nobody of its departments is at work.")

    @cached_property
    def course(self) -> Course:
        """The one. Raises Http404."""
        return get_object_or_404(Course, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        """Of which."""
        return f"Who has to take {self.course.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (TRAINING, COURSES, (self.course.name, self.course.get_absolute_url()))

    def get_columns(self) -> tuple[Column, ...]:
        """The organization's day decides who is late."""
        today = self.request.organization.today()
        return (
            Column("name", "Person", sort="name"),
            Column("email", "E-mail", hide_below=1300),
            Column("department", "Department", sort="department", hide_below=700),
            Column("manager.name", "Manager", sort="manager__name", hide_below=1000),
            Column("started_on", "Joined", sort="started_on", hide_below=1000),
            Column("last_on", "Last completed", sort="last_on", hide_below=700),
            Column("due_on", "To be taken by", sort="due_on"),
            Column(
                "standing", "State", value=lambda one: standing.badge(one, today),
                text=lambda one: standing.badge(one, today).label,
            ),
        )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """Those of its audience at work; nobody where it is not required."""
        people = standing.people_of(self.course, current_organization().today()).select_related("manager")
        needed = self.course.required and self.course.status == Course.Status.ACTIVE
        return people if needed else people.none()

    def get_filters(self) -> tuple[Filter, ...]:
        """By what holds today."""
        today = self.request.organization.today()
        trained = Q(last_on__isnull=False) & (Q(due_on=None) | Q(due_on__gte=today))
        where = {"overdue": standing.overdue(today), "soon": standing.soon(today), "trained": trained}
        return (Filter("state", "State", choices=PEOPLE, where=where),)

    def row_url(self, row: Any) -> str:
        """Nowhere: what somebody took stands in the list of training."""
        del row
        return ""
