"""Reads on accounts."""

from django.conf import settings
from django.utils import timezone

from accounts.models import Notice, PasswordLink, User


def notices_to_send() -> list[int]:
    """Ids of the notices whose turn has come; none where no mail is sent."""
    if not settings.EMAIL_URL:
        return []
    return list(Notice.objects.waiting(timezone.now()).values_list("pk", flat=True))


def user_of_link(secret: str) -> User | None:
    """Who may choose a password with this link; nobody when it was used, replaced or is too old."""
    link = PasswordLink.objects.usable(secret).select_related("user").first()
    return link.user if link else None
