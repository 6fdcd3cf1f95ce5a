"""All writes on accounts. Each takes an actor and leaves a row in the audit log."""

from accounts.actions.audit import record
from accounts.actions.links import make_link
from accounts.actions.notices import clear_notices, notify, send_notice
from accounts.actions.people import change_user, create_user, invite, remove_second_factor, set_password, use_link
from accounts.actions.tokens import create_token, revoke_token

__all__ = [
    "change_user",
    "clear_notices",
    "create_token",
    "create_user",
    "invite",
    "make_link",
    "notify",
    "record",
    "remove_second_factor",
    "revoke_token",
    "send_notice",
    "set_password",
    "use_link",
]
