"""Screens of courses and of training."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from evidence.downloads import take_away
from policies.about import AboutRecord
from policies.models import Course, TrainingRecord
from policies.training import actions, courses, forms, standing
from policies.training.listing import COURSES, TRAINING, whom
from policies.training.rights import EVERYBODY, READ, WRITE, courses_visible_to, records_visible_to
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.once import OnceScreen

NAMED = 50  # gaps on the page of a course


class CourseDetail(DetailScreen):
    """A course: how many have taken it, and who has not by name. For everybody else: what it is, and how they stand."""

    permission = EVERYBODY
    template_name = "policies/training/course_detail.html"
    breadcrumbs = (TRAINING,)
    object: Course

    def get_queryset(self) -> QuerySet[Course]:
        """What this member may see."""
        return courses_visible_to(self.request.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The coverage and its gaps for those who read training."""
        course, member, today = self.object, self.request.member, self.request.organization.today()
        needed = course.required and course.status == Course.Status.ACTIVE
        mine = records_visible_to(member).filter(course=course, person__member=member.pk, status="current")
        owed = standing.owed_by(member, [course], today) if needed else []
        return super().get_context_data(
            course=course,
            whom=whom(course),
            needed=needed,
            mine=list(mine.order_by("-completed_on")[:10]),
            owed_on=owed[0][1] if owed else None,
            today=today,
            reads_all=member.can(READ),
            may_edit=member.can(WRITE) and course.status == Course.Status.ACTIVE,
            may_restore=member.can(WRITE) and course.status == Course.Status.RETIRED,
            **(coverage(course, today) if needed and member.can(READ) else {}),
            **kwargs,
        )


def coverage(course: Course, today: Any) -> dict[str, Any]:
    """How many have to take it, how many have, and who is late."""
    people = standing.people_of(course, today)
    gaps = people.filter(standing.overdue(today)).select_related("manager").order_by("due_on", "name", "pk")
    gap_count = gaps.count()
    return {
        "asked": people.count(),
        "trained": people.filter(last_on__isnull=False).exclude(standing.overdue(today)).count(),
        "soon": people.filter(standing.soon(today)).count(),
        "gaps": list(gaps[:NAMED]),
        "gap_count": gap_count,
    }


class CourseCreate(OnceScreen):
    """Set up a course."""

    permission = WRITE
    form_class = forms.CourseForm
    title = "New course"
    breadcrumbs = (TRAINING, COURSES)
    submit_label = "Set it up"
    explain = "Whoever has to take it finds it in My work, and is reminded."

    def get_initial(self) -> dict[str, Any]:
        """From today."""
        return {"required_from": self.request.organization.today()}

    def act(self, form: forms.CourseForm) -> Course:
        """Set it up."""
        return courses.create_course(actor=self.request.member, **form.facts())


class AboutCourse(AboutRecord, abstract=True):
    """A form about one course."""

    permission = WRITE
    model = Course
    object: Course
    places = (TRAINING, COURSES)


class CourseEdit(AboutCourse):
    """Change what is known of a course."""

    form_class = forms.CourseForm
    verb = "Change"
    explain = "What people took keeps its days."
    success_message = "It is kept."

    def refuse_over(self) -> None:
        """Not while it is retired. Raises ActionRefused."""
        Course.RETIRE.check(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "course": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in courses.FACTS}

    def act(self, form: forms.CourseForm) -> Course:
        """Change it."""
        return courses.edit_course(self.object, actor=self.request.member, **form.facts())


class CourseRetire(AboutCourse):
    """Retire a course."""

    transition = Course.RETIRE
    form_class = forms.RetireForm
    verb = "Retire"
    submit_label = "Retire it"
    tone = "danger"
    explain = "Nobody has to take it any more. Who took it stays."
    success_message = "It is retired."

    def act(self, form: forms.RetireForm) -> Course:
        """Retire it."""
        return courses.retire_course(self.object, actor=self.request.member, **form.cleaned_data)


class CourseRestore(AboutCourse):
    """Use it again."""

    transition = Course.RESTORE
    form_class = forms.RestoreForm
    verb = "Put back into use"
    submit_label = "Put it back"
    success_message = "It is in use again."

    def act(self, form: forms.RestoreForm) -> Course:
        """Use it again."""
        return courses.restore_course(self.object, actor=self.request.member, **form.cleaned_data)


class TrainingDetail(DetailScreen):
    """That somebody took a course, with the certificate."""

    permission = EVERYBODY
    template_name = "policies/training/record_detail.html"
    breadcrumbs = (TRAINING,)
    object: TrainingRecord

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        """What this member may see."""
        return records_visible_to(self.request.member).select_related("recorded_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what may be done."""
        member = self.request.member
        return super().get_context_data(
            standing=self.object.badge(self.request.organization.today()),
            reads_all=member.can(READ),
            may_edit=member.can(WRITE) and self.object.status == TrainingRecord.Status.CURRENT,
            **kwargs,
        )


class TrainingCreate(OnceScreen):
    """Record that somebody took a course."""

    permission = WRITE
    form_class = forms.NewTrainingForm
    title = "Record training"
    breadcrumbs = (TRAINING,)
    submit_label = "Record it"
    success_message = "It is recorded."

    def get_initial(self) -> dict[str, Any]:
        """Today, and the course that the address names."""
        return {"completed_on": self.request.organization.today(), "course": self.request.GET.get("course", "")}

    def act(self, form: forms.NewTrainingForm) -> TrainingRecord:
        """Record it."""
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return actions.record_training(actor=self.request.member, **said)


class AboutTraining(AboutRecord, abstract=True):
    """A form about one of them."""

    permission = WRITE
    model = TrainingRecord
    object: TrainingRecord
    places = (TRAINING,)

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is."""
        return TrainingRecord.objects.select_related("person", "course")


class TrainingEdit(AboutTraining):
    """Correct one."""

    form_class = forms.TrainingForm
    verb = "Correct"
    success_message = "It is kept."

    def refuse_over(self) -> None:
        """Not one that was withdrawn. Raises ActionRefused."""
        TrainingRecord.WITHDRAW.check(self.object)

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("completed_on", "expires_on", "note")}

    def act(self, form: forms.TrainingForm) -> TrainingRecord:
        """Correct it."""
        said = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "seen"}}
        return actions.edit_training(self.object, actor=self.request.member, **said)


class TrainingWithdraw(AboutTraining):
    """Take one back that was wrong."""

    transition = TrainingRecord.WITHDRAW
    form_class = forms.WithdrawForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "It counts no more. It stays, with your reason."
    success_message = "It is withdrawn."

    def act(self, form: forms.WithdrawForm) -> TrainingRecord:
        """Take it back."""
        return actions.withdraw_training(self.object, actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY)
def certificate(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """Its certificate, as it came."""
    return certificate_of(get_object_or_404(records_visible_to(request.member), pk=pk), request.member)


def certificate_of(training: TrainingRecord, member: Any) -> HttpResponseBase:
    """The file, noted under whoever takes it. Raises Http404."""
    if training.certificate is None:
        raise Http404
    return take_away(training.certificate.file, actor=member, evidence=training.certificate)
