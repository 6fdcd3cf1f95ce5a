"""What the page of a form says about how it was filled in. It makes a flag of a response, never a refusal."""

from survey import stamp
from survey.pages.requests import Fields, first

HONEYPOT = "website"
"""A field that people cannot see: whoever fills it in fills in everything."""


def is_stamped(wave: int, fields: Fields, bits: int) -> bool:
    """`wave`: its number. A filled honeypot makes the stamp worth nothing."""
    if any(fields.get(HONEYPOT, ())):
        return False
    return stamp.is_valid(wave, first(fields, "receipt"), first(fields, "stamp"), bits)


def pace(fields: Fields) -> str:
    """`yes` or `no` to "was it fast?" as the page measured it, else `unknown`."""
    said = first(fields, "fast")
    return said if said in ("yes", "no") else "unknown"
