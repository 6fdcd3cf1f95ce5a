"""People who work with reports, their tokens, and the log of what they and the services did."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import ActorKind, Role


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

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(roles__contained_by=[*Role.values]), name="user_roles_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

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


class ApiToken(models.Model):
    """A bearer token. Only its SHA-256 is kept: 256 random bits need no slow hash."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    PREFIX = "sunset_"
    LIFETIME = timedelta(days=90)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make_secret(cls) -> str:
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> bytes:
        return hashlib.sha256(secret.encode()).digest()

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now() and self.user.is_active


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
