"""Log lines as JSON on standard error. Nothing that a respondent's request causes may become one."""

import logging
import traceback
from pathlib import Path
from typing import Any

import structlog

_ROOT = Path(__file__).resolve().parent.parent
_OWN = ("accounts", "config", "reports", "survey")


class NoRespondentRequests(logging.Filter):
    """Drops what Django logs about single requests (refused, not found, failed): it names path and time.

    Staff pages lose these lines too; their actions stand in the audit log, and faults are reported by `LastResort`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.name.startswith(("django.request", "django.security", "django.server", "django.db"))


class ClassAndPlace(logging.Filter):
    """Says of an error what it is and where it came up, never its text: PostgreSQL quotes whole rows in it, and the
    text of a task's error stands in Celery's message, too."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            who = record.args.get("name", record.name) if isinstance(record.args, dict) else record.name
            record.msg, record.args = "%s: %s", (who, class_and_place(error))
            record.exc_info = record.exc_text = None
        return True


def class_and_place(error: BaseException) -> str:
    """`IntegrityError (CheckViolation) in survey/actions/sealing.py:90, at psycopg/cursor.py:97 < ...`

    The class and that of its cause, the innermost line of our own code, and the innermost four frames of all.
    """
    frames = traceback.extract_tb(error.__traceback__)
    cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
    own = next((f" in {place}," for frame in reversed(frames) if (place := _own_place(frame))), "")
    where = " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return f"{type(error).__name__}{cause}{own} at {where}"


def _own_place(frame: traceback.FrameSummary) -> str:
    """Path from the root of the project, and line; empty for the code of others."""
    path = Path(frame.filename)
    own = path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OWN
    return f"{path.relative_to(_ROOT)}:{frame.lineno}" if own else ""


def json_lines() -> logging.Formatter:
    """Also for the web server's own lines: `config/granian.json` names it."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_respondent_requests": {"()": NoRespondentRequests}, "class_and_place": {"()": ClassAndPlace}},
    "formatters": {
        "json": {"()": json_lines},
        "fault": {"format": '{"event": "fault", "message": "%(message)s"}'},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["no_respondent_requests", "class_and_place"],
        },
        "fault": {"class": "logging.StreamHandler", "formatter": "fault"},
    },
    "loggers": {
        "sunset.fault": {"handlers": ["fault"], "propagate": False},
        # Celery's --loglevel sets the level of the root: the heads of the audit log are wanted all the same.
        "sunset.audit": {"level": "INFO"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
