"""A person's account on this installation; what they may do is said by their memberships."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.emails import login_email
from tenancy.ids import uuid7
from tenancy.models import Organization


class UserManager(BaseUserManager["User"]):
    """Finds users by e-mail in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail; raises User.DoesNotExist."""
        return self.alias(email_key=Lower("email")).get(email_key=login_email(username or ""))

    def with_email(self, email: str) -> "User | None":
        """The user with this e-mail, if there is one."""
        return self.alias(email_key=Lower("email")).filter(email_key=login_email(email)).first()

    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        """Store a user. Without a password nobody can sign in as them."""
        user = self.model(email=login_email(email), name=name.strip())
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in with e-mail, password and a second factor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("e-mail", max_length=254)
    name = models.CharField(max_length=120)
    # Django's own last_login is set by the password alone; ours when the factor was shown.
    last_login = None
    last_sign_in_at = models.DateTimeField("last sign-in", null=True, editable=False)
    is_active = models.BooleanField(default=True)
    # An account of a program: it has no password and acts by tokens only.
    is_service = models.BooleanField(default=False, editable=False)
    # Libraries ask for it. Nobody is above the permission table, and the database says so too.
    is_superuser = models.BooleanField(default=False, editable=False)
    # Part of what a session is checked against: raising it ends every session of the user.
    session_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    joining: Organization | None = None  # where somebody without an account is about to get one; no column

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering: ClassVar = ["name", "email"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_unique", violation_error_message="Somebody already uses this e-mail."
            ),
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="user_never_superuser"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def role_names(self) -> tuple[str, ...]:
        """None by itself: a user who acts outside any organization has no role (audit.actors.Actor)."""
        return ()

    def can(self, permission: str, about: uuid.UUID | None = None, /) -> bool:
        """Nothing without a membership."""
        return False

    def end_sessions(self) -> None:
        """Sign the user out everywhere; takes effect at each session's next request."""
        self.session_version += 1
        type(self).objects.filter(pk=self.pk).update(session_version=models.F("session_version") + 1)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        material = f"{self.password}|{self.session_version}"
        return salted_hmac("accounts.session", material, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The name, as libraries ask for it."""
        return self.name
