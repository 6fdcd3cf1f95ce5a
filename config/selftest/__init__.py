"""Does a respondent's request leave a trace? Asked of the running stack, by being a respondent and then searching."""

from config.selftest.run import Finding, SelfTest

__all__ = ["Finding", "SelfTest"]
