"""Which errors of the database pass by themselves: then people are asked to come back, and nothing is broken."""

from django.db import InterfaceError, InternalError, OperationalError

_ENDED_WHILE_IDLE, _READ_ONLY = "25P03", "25006"
"""SQLSTATEs that psycopg files among internal errors: the session was ended, or the server has become a standby."""


def is_transient(error: BaseException) -> bool:
    """Server gone or not yet there, too many connections, disk full, waited too long for a lock, deadlock.

    psycopg gives these classes of SQLSTATE (08, 40, 53, 55, 57, 58) as OperationalError, a lost line as either.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) in (_ENDED_WHILE_IDLE, _READ_ONLY)
    return isinstance(error, OperationalError | InterfaceError)
