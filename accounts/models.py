"""People who work with reports, their tokens, and the log of what they and the services did."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.enums import EVERYDAY, ActorKind, Role, Scope


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, roles=[Role.ADMIN], **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Staff or researcher. Respondents have no account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    """Counts how often all their sessions were ended."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(roles__contained_by=[*Role.values]), name="user_roles_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session begun under another password or with other roles is not valid any more."""
        known = "\n".join([self.password, *sorted(self.roles), str(self.session_epoch)])
        return salted_hmac("accounts.User.session", known, secret=secret, algorithm="sha256").hexdigest()

    def has_role(self, *roles: Role) -> bool:
        return self.is_active and any(role in self.roles for role in roles)

    @property
    def is_staff(self) -> bool:
        """Who may enter /admin/."""
        return self.has_role(Role.ADMIN)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """What an admin may do is said by the classes in the admin modules, not by Django's permission rows."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


def default_scopes() -> list[str]:
    return [*EVERYDAY]


class Secret(models.Model):
    """Something that only its holder has. Its SHA-256 is kept: 256 random bits need no slow hash."""

    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()

    PREFIX = ""

    class Meta:
        abstract = True

    @classmethod
    def make_secret(cls) -> str:
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> bytes:
        return hashlib.sha256(secret.encode()).digest()


class ApiToken(Secret):
    """A bearer token."""

    LONGEST_NAME = 60

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=LONGEST_NAME)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope), default=default_scopes)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    PREFIX = "sunset_"
    LIFETIME = timedelta(days=90)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scopes__contained_by=[*Scope.values]), name="token_scopes_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now() and self.user.is_active


class PasswordLinks(models.QuerySet["PasswordLink"]):
    def usable(self, secret: str) -> "PasswordLinks":
        digest = PasswordLink.digest_of(secret)
        return self.filter(digest=digest, expires_at__gt=timezone.now(), user__is_active=True)


class PasswordLink(Secret):
    """Lets one person choose a password, once: after an invitation, or when they forgot theirs."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True)

    INVITED, FORGOTTEN = timedelta(days=7), timedelta(hours=1)
    objects: ClassVar[Any] = PasswordLinks.as_manager()

    def __str__(self) -> str:
        return f"link of user {self.pk}"

    @classmethod
    def lifetime_for(cls, user: User) -> timedelta:
        return cls.FORGOTTEN if user.has_usable_password() else cls.INVITED


class Notices(models.QuerySet["Notice"]):
    def waiting(self, now: datetime) -> "Notices":
        return self.filter(sent_at=None, due_at__lte=now, attempts__lt=Notice.TRIES)


class Notice(models.Model):
    """The outbox: somebody is to be told by mail that something waits for them. What, they read after logging in."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    PAUSE, TRIES = timedelta(minutes=1), 12
    """The last try comes after three days."""
    objects: ClassVar[Any] = Notices.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject"], condition=Q(sent_at=None), name="notice_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class AuditEntry(models.Model):
    """One act of staff or of a service, only ever appended (trigger). No foreign keys: nothing follows a deletion."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor_kind = models.CharField(max_length=12, choices=ActorKind)
    actor_name = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    append_only = True

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name_plural = "audit entries"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(actor_kind=ActorKind.RESPONDENT), name="audit_never_respondent"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class AuditLink(models.Model):
    """The place of one entry in the chain: the hash covers the entry and the hash before it (`accounts.audit`).

    A trigger makes it when the entry is committed, so the order is that of commits, without a gap.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    entry_id = models.PositiveBigIntegerField(unique=True)
    hash = models.BinaryField(max_length=32)

    append_only = True
    written_by_trigger = True

    def __str__(self) -> str:
        return str(self.position)


class AuditHead(models.Model):
    """Where the chain ended after a day (UTC). Also written to the log, so that a copy of it lies elsewhere."""

    day = models.DateField(primary_key=True)
    position = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)

    append_only = True

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()
