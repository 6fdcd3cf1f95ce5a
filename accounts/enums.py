from django.db.models import TextChoices


class Role(TextChoices):
    RESEARCHER = "researcher"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Scope(TextChoices):
    """What an API token is good for, within what the roles of its owner allow."""

    READ = "read"
    REQUEST = "request"
    REVIEW = "review"
    TEXTS = "texts"


EVERYDAY = (Scope.READ, Scope.REQUEST)
"""What a token is good for when nothing else was asked for: what researchers do. Deciding, and
reading what people wrote, have to be chosen."""


class NoticeKind(TextChoices):
    """What somebody is told about by mail. Where each leads stands in `accounts.notices`."""

    INVITATION = "invitation"
    PASSWORD = "password"
    IN_REVIEW = "in_review"
    DECISION_NEEDED = "decision_needed"
    CHANGES_ASKED = "changes_asked"
    OBJECTED = "objected"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    FAILED = "failed"
    RELEASED = "released"
    RETRACTED = "retracted"

    @classmethod
    def with_link(cls) -> frozenset["NoticeKind"]:
        """Those that carry an address which lets the reader choose a password."""
        return frozenset({cls.INVITATION, cls.PASSWORD})


class ActorKind(TextChoices):
    USER = "user"
    SERVICE = "service"
    COMMAND = "command"
    RESPONDENT = "respondent"
