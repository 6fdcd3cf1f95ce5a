"""Log lines as JSON on standard error. Nothing that a respondent's request causes may become one."""

import logging
import traceback
from typing import Any

import structlog


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
    """`IntegrityError at sealing.py:90 < ...`: the class, and the innermost four frames."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where}"


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_respondent_requests": {"()": NoRespondentRequests}, "class_and_place": {"()": ClassAndPlace}},
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        },
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
    "loggers": {"sunset.fault": {"handlers": ["fault"], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
