"""Languages as their speakers call them."""

from django import template
from django.conf import settings
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def language_name(tag: str) -> str:
    """For a BCP 47 tag; the tag itself where the interface does not speak it."""
    return str(dict(settings.LANGUAGES).get(tag.lower(), tag))


@register.filter
def direction(tag: str) -> str:
    """`rtl` or `ltr`: a text in another language than the page's runs its own way."""
    try:
        return "rtl" if get_language_info(tag.lower())["bidi"] else "ltr"
    except KeyError:
        return "ltr"
