from django.db.models import TextChoices


class Role(TextChoices):
    RESEARCHER = "researcher"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class ActorKind(TextChoices):
    USER = "user"
    SERVICE = "service"
    COMMAND = "command"
    RESPONDENT = "respondent"
