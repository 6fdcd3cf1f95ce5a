"""The settings of the service, and a middleware that does what a careless addition might do."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as _CLEAN

MIDDLEWARE = [*_CLEAN, "tests.flow.leaks.Leaks"]
CELERY_IMPORTS = ["tests.flow.leaks"]
