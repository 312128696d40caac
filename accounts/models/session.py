"""Sessions that know whose they are, when they end for want of use, and where they are kept (SESSION_ENGINE)."""

from typing import Any, ClassVar

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import OperationalError, models, transaction
from django.db.models.functions import Coalesce

from accounts.models.member import Member
from accounts.models.user import User
from tenancy.models import Organization
from tenancy.scope import now

IDLE_MINUTES, IDLE_LEAST, IDLE_MOST = 60, 5, 480


class IdleLimit(models.Model):
    """After how many minutes without use an organization's members are signed out. Global, as each session is held against it."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, primary_key=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(IDLE_LEAST), MaxValueValidator(IDLE_MOST)])
    since = models.DateTimeField(auto_now=True)
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(minutes__range=(IDLE_LEAST, IDLE_MOST)), name="idle_limit_in_bounds")
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes"

    @classmethod
    def minutes_of(cls, organization: Organization) -> int:
        """The limit of one organization."""
        return cls.objects.filter(organization=organization).values_list("minutes", flat=True).first() or IDLE_MINUTES


def _shortest() -> models.Subquery:
    """The shortest limit among the organizations of a session's person."""
    own = IdleLimit.objects.filter(organization=models.OuterRef("organization")).values("minutes")
    there = Member.objects.active().filter(user=models.OuterRef("user"))
    limits = there.annotate(idle=Coalesce(models.Subquery(own), IDLE_MINUTES)).order_by("idle").values("idle")
    return models.Subquery(limits[:1])


class Session(AbstractBaseSession):
    """Django's session and its user, so that people can see and end their own."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")

    idle_minutes: int | None  # only on rows of `with_limit`

    @classmethod
    def with_limit(cls) -> "models.QuerySet[Session]":
        """Those not over yet, each with `idle_minutes`: None for whoever belongs to no organization."""
        return cls.objects.filter(expire_date__gt=now()).annotate(idle_minutes=_shortest())

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """What reads and writes the rows."""
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's store in the database, noting the user, and reading along how long the session may lie idle."""

    _idle_minutes: int | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    @property
    def idle_minutes(self) -> int:
        """After how many minutes without use it is over."""
        self._get_session()  # type: ignore[attr-defined] # reads the row, unless that was done
        return self._idle_minutes or IDLE_MINUTES

    def load(self) -> dict[str, Any]:
        """What is kept; the limit comes with the same query."""
        row: Any = Session.with_limit().filter(session_key=self.session_key).first() if self.session_key else None
        if row is None:
            self._session_key = None
            return {}
        self._idle_minutes = row.idle_minutes
        held: dict[str, Any] = self.decode(row.session_data)
        return held

    def cycle_key(self) -> None:
        """A new key for what is kept; what was ended meanwhile is not brought back by it. Raises SessionInterrupted."""
        held, key = self._get_session(), self.session_key  # type: ignore[attr-defined]
        with transaction.atomic():
            if key and not Session.objects.filter(session_key=key).delete()[0]:
                raise SessionInterrupted("The session was ended meanwhile.")
            self.create()
            self._session_cache = held

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to be saved."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = data.get(SESSION_KEY)
        return row

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - as Django has it
        """Write it. A database that is gone is no session that was deleted: a 400 would say that nothing was done."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from error
            raise
