"""Languages as their speakers call them."""

from django import template
from django.conf import settings

register = template.Library()


@register.filter
def language_name(tag: str) -> str:
    """For a BCP 47 tag; the tag itself where the interface does not speak it."""
    return str(dict(settings.LANGUAGES).get(tag.lower(), tag))
