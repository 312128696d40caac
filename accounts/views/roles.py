"""Roles: the built-in ones and the organization's own, what each allows, and who has it."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.views.generic import TemplateView

from accounts.actions import accept_conflict, change_role, create_role, retire_role
from accounts.conflicts import counts_of_roles, standing_of
from accounts.factors import FactorScreenMixin
from accounts.forms import ReasonForm
from accounts.giving import APPOINT, Answer
from accounts.matrix import matrix, matrix_of
from accounts.models import CustomRole, Member
from accounts.permissions import HOME, PERMISSIONS
from accounts.role_forms import AcceptForm, RoleForm
from accounts.roles import ROLES, SAID_FOR_OTHERS
from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen
from ui.screens.base import Screen

READ = "members.read"
MEMBERS, LIST = ("Members", "members:list"), ("Roles", "members:roles")


def state_badge(role: CustomRole) -> Badge:
    """Whether it is given, as a word in a tone."""
    return Badge("In use", "ok") if role.is_active else Badge("Retired", "muted")


class RoleList(RecordsExports, ListScreen):
    """Roles of the organization's own; the built-in ones stand below."""

    permission = READ
    template_name = "accounts/role_list.html"
    title = "Roles"
    noun = "roles of your own"
    noun_one = "role of your own"
    breadcrumbs = (MEMBERS,)
    lede = "What people may do here. Roles add up: somebody may do what any of theirs allows."
    columns = (
        Column("name", "Name", sort="name", link=True),
        Column("description", "What it is for", wide=True, hide_below=700),
        Column("people", "Members", sort="people", numeric=True),
        Column("permissions", "Permissions", value=lambda role: len(role.grants), numeric=True, hide_below=1000),
        Column("status", "State", sort="status", value=state_badge, text=lambda role: role.get_status_display()),
        Column("created_at", "Made", sort="created_at", hide_below=1300),
    )
    default_order = ("status", "name")
    filters = (Filter("state", "State", choices=CustomRole.Status.choices, lookup="status"),)
    search_fields = ("name", "description")
    search_hint = "Name or purpose"
    empty = Empty(
        "No roles of your own yet",
        "Make one where a built-in role allows too much or too little.",
        action=("Make a role", "members:role-create"),
    )
    primary_action = ("Make a role", "members:role-create", APPOINT)

    def get_queryset(self) -> models.QuerySet[Any]:
        """With how many have each."""
        return CustomRole.objects.annotate(people=Coalesce(_people(), 0))

    def row_url(self, obj: CustomRole) -> str:
        """Its page."""
        return obj.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the built-in roles, with how many have each."""
        counts = counts_of_roles(self.request.organization)
        built_in = [(role, counts[role.key]) for role in ROLES.values()]
        return super().get_context_data(built_in=built_in, may_make=self.request.member.can(APPOINT), **kwargs)


def _people() -> models.Subquery:
    """How many of those who were not removed have a role."""
    place = models.Func(models.F("roles"), models.OuterRef("key"), function="array_position", output_field=models.IntegerField())
    held = Member.objects.filter(organization=models.OuterRef("tenant"), status=Member.Status.ACTIVE).annotate(place=place)
    counted = (
        held.filter(place__isnull=False).order_by().values("organization").annotate(count=models.Count("pk")).values("count")
    )
    return models.Subquery(counted, output_field=models.IntegerField())


class RoleMatrix(Screen, TemplateView):
    """Every permission, and which roles allow it."""

    permission = READ
    template_name = "accounts/role_matrix.html"
    title = "All roles side by side"
    breadcrumbs = (MEMBERS, LIST)
    lede = "A tick says that the role allows it. Writing includes reading, administering includes all of its row."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each permission with a tick for each role."""
        roles: list[Any] = [*ROLES.values(), *CustomRole.objects.filter(status="active")]
        rights = [role.rights for role in roles]
        cells = {key: (words, [key in one for one in rights]) for key, words in PERMISSIONS.items() if key != HOME}
        return super().get_context_data(**{**self.frame(), "roles": roles, "areas": matrix(cells), **kwargs})


class RoleDetail(DetailScreen):
    """One role of the organization's own: what it allows, and who has it."""

    permission = READ
    template_name = "accounts/role.html"
    breadcrumbs = (MEMBERS, LIST)
    object: CustomRole

    def get_queryset(self) -> models.QuerySet[Any]:
        """With who made it."""
        return CustomRole.objects.select_related("created_by__user")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its matrix, its members, and its conflicts of duty."""
        copied = ROLES.get(self.object.copied_from)
        return super().get_context_data(
            badge=state_badge(self.object),
            areas=matrix_of(self.object.grants),
            members=self.object.held(),
            conflicts=standing_of(self.object) if self.object.is_active else [],
            copied_from=copied.name if copied else "",
            may_change=self.object.is_active and self.request.member.can(APPOINT),
            **kwargs,
        )


class RoleCreate(FactorScreenMixin, FormScreen):
    """Make a role, from nothing or as a copy of a built-in one."""

    permission = APPOINT
    template_name = "accounts/role_form.html"
    form_class = RoleForm
    title = "Make a role"
    breadcrumbs = (MEMBERS, LIST)
    submit_label = "Make the role"
    explain = "It can be given to members once it is made. Nobody makes a role that allows more than they may do themselves."
    success_message = "The role was made. Give it to somebody from the members' list."

    def get_initial(self) -> dict[str, Any]:
        """As the built-in role that the address names, without what this person may not give."""
        role = ROLES.get(self.request.GET.get("copy", ""))
        if role is None:
            return {}
        grants = [key for key in PERMISSIONS if key in role.grants - SAID_FOR_OTHERS and self.request.member.can(key)]
        return {"name": f"{role.name} (copy)", "description": role.description, "grants": grants}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What can be copied."""
        return super().get_context_data(presets=ROLES.values(), chosen=self.request.GET.get("copy", ""), **kwargs)

    def act(self, form: RoleForm) -> CustomRole:
        """Make it."""
        with form.asking():
            return create_role(actor=self.request.member, copied_from=self.request.GET.get("copy", ""), **form.cleaned_data)


class _RoleScreen(FactorScreenMixin, FormScreen, abstract=True):
    """A form about a role in use."""

    permission = APPOINT
    model = CustomRole
    object: CustomRole

    def get_queryset(self) -> models.QuerySet[Any]:
        """Those in use."""
        return CustomRole.objects.filter(status="active")

    def get_breadcrumbs(self) -> Any:
        """Back to it."""
        return (MEMBERS, LIST, (str(self.object), self.object.get_absolute_url()))


class RoleChange(_RoleScreen):
    """Change what a role is called or allows."""

    template_name = "accounts/role_form.html"
    form_class = RoleForm
    submit_label = "Save"
    success_message = "The role was changed. It holds from everybody's next page on."

    def get_title(self) -> str:
        """Which."""
        return f"Change {self.object.name}"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        role = self.object
        return {"name": role.name, "description": role.description, "grants": role.grants, "kept": role.grants}

    def act(self, form: RoleForm) -> CustomRole:
        """Change it."""
        with form.asking():
            return change_role(self.object, actor=self.request.member, **form.cleaned_data)


class RoleRetire(_RoleScreen):
    """Give it to nobody any more."""

    form_class = ReasonForm
    submit_label = "Retire it"
    tone = "danger"
    explain = "It can be given to nobody from then on, and stays in the list. That is not possible while somebody has it."
    success_message = "The role was retired."

    def get_title(self) -> str:
        """Which."""
        return f"Retire {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """Retire it."""
        retire_role(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:roles")


class RoleAccept(_RoleScreen):
    """Answer for the conflicts of duty that a role makes by itself."""

    form_class = AcceptForm
    submit_label = "Accept them"
    explain = "Until the day you choose, with your name. Then they wait for somebody again."
    success_message = "It is accepted until the day you chose."

    def get_title(self) -> str:
        """Of which."""
        return f"Accept the conflicts of {self.object.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those there are."""
        return {**super().get_form_kwargs(), "conflicts": [one.conflict for one in standing_of(self.object)]}

    def act(self, form: AcceptForm) -> CustomRole:
        """Accept them."""
        said = form.cleaned_data
        answer = Answer(said["reason"], said["ends_on"])
        accept_conflict(self.object, duties=said["duties"], answer=answer, actor=self.request.member)
        return self.object
