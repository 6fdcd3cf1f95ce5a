"""Refusals of the domain. Each carries a machine code, a message for people and the HTTP status that fits."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    code = "refused"
    status = 400
    message = "This cannot be done."

    def __init__(self, message: str = "", **fields: Any) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.fields: Mapping[str, Any] = fields


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = "You may not do this."


class SamePerson(NotAllowed):
    code = "same_person"
    message = "You have proposed this, so another admin must confirm it."


class WrongState(DomainError):
    code = "wrong_state"
    status = 409
    message = "This is not possible in the present state."


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = "There is nothing under this name."


class Invalid(DomainError):
    code = "invalid"
    status = 400


class WrongPassphrase(DomainError):
    code = "wrong_passphrase"
    status = 403
    message = "This is not your passphrase. Nothing was opened and nothing was changed."


class TooManyTries(DomainError):
    code = "too_many_tries"
    status = 429
    message = "The passphrase was wrong too often. Try again in a quarter of an hour."


class NoKey(DomainError):
    """Somebody has no key pair, or no share of the reading key that is asked for."""

    code = "no_key"
    status = 409
    message = "You cannot read these texts yet: see the page of the keys."
