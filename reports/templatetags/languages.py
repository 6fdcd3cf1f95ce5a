"""Languages as their speakers call them, and which way they are written."""

from django import template
from django.conf import settings

from reports.render.words import direction

register = template.Library()
register.filter("direction", direction)


@register.filter
def language_name(tag: str) -> str:
    """For a BCP 47 tag; the tag itself where the interface does not speak it."""
    return str(dict(settings.LANGUAGES).get(tag.lower(), tag))
