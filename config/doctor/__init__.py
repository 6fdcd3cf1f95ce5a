"""Is this installation as it must be? Live settings and services, examined one by one; each finding says what to do.

`CHECKS` is the whole of it. A check is a function that yields findings; one that fails is a finding, too.
"""

from collections.abc import Iterator, Mapping

from django.db import OperationalError
from redis import RedisError

from config.doctor import copies, postgres, process, services, surveys, testimonies
from config.doctor.findings import Check, Finding, Level, wrong
from config.logs import class_and_place

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "settings": (
        process.settings_are_safe,
        process.keys_are_strong,
        process.address_is_reached_by_https,
        process.languages_have_an_interface,
    ),
    "database": (
        services.migrations_are_applied,
        postgres.settings_leave_no_trace,
        postgres.log_lines_have_no_time,
        postgres.no_setting_waits_for_a_restart,
        postgres.the_role_owns_nothing,
        postgres.the_role_has_no_powers,
        postgres.what_was_appended_stays,
        postgres.no_copies_leave,
        postgres.the_planner_samples_no_answers,
        postgres.erased_answers_are_vacuumed,
        postgres.the_server_shows_itself,
    ),
    "broker": (services.redis_keeps_to_itself, services.queues_are_short, services.the_scheduler_is_seen),
    "storage": (services.storage_can_be_written, services.disks_have_room),
    "copies": (copies.copies_have_a_key, copies.copies_are_made, copies.copies_end),
    "clock": (services.clocks_agree,),
    "proxy": (services.the_way_in_sets_no_cookie, services.the_proxy_keeps_no_log),
    "surveys": (
        surveys.waves_are_sealed_in_time,
        surveys.sealed_waves_are_rewritten,
        surveys.sealed_waves_have_no_inbox,
        surveys.no_self_test_is_left_open,
        surveys.instruments_are_what_they_were,
        surveys.open_texts_are_reviewed,
        surveys.the_operator_is_named,
        surveys.help_lines_are_checked,
    ),
    "testimonies": (
        testimonies.texts_have_readers,
        testimonies.holders_are_active,
        testimonies.no_text_is_in_plain,
    ),
}
CANNOT_SEE = (
    "whether the proxy in front runs with the file that lies here, and what a CDN or the network writes down",
    "logs that Docker, systemd or a hosting provider keep of what the processes print",
    "swap, core dumps, snapshots of disks and of virtual machines, and blocks that a disk has not overwritten",
    "the journal of the database until it is recycled, and copies that lie elsewhere",
    "who else has a superuser's or root's rights on these machines",
    "whether reviewers remember their passphrases",
    "other machines of the same service: run it on each",
)
"""What no program on this machine can find out; people must."""

__all__ = ["CANNOT_SEE", "CHECKS", "Finding", "Level", "examine"]


def examine() -> Iterator[tuple[str, Finding]]:
    """(subject, finding), in the order of CHECKS."""
    for subject, checks in CHECKS.items():
        for check in checks:
            for finding in _run(check):
                yield subject, finding


def _run(check: Check) -> list[Finding]:
    try:
        return list(check())
    except (OperationalError, RedisError, OSError) as error:
        return [wrong(f"{_words(check)}: no answer ({type(error).__name__}).", "Look whether the server runs.")]
    except Exception as error:
        # Whatever else is wrong, the other checks are wanted.
        return [wrong(f"{_words(check)}: could not be examined ({class_and_place(error)}).", "Report this as a fault.")]


def _words(check: Check) -> str:
    return getattr(check, "__name__", "check").replace("_", " ").capitalize()
