"""Who waits for whom.

Sealing holds the wave's row FOR UPDATE; submission, correction and erasure take it FOR KEY SHARE, so none runs beside
it. An erasure also holds a shared advisory lock on its wave from before it waits: sealing asks for that lock, without
waiting, as its last step, and starts over if somebody holds it. An erasure is therefore never lost to a sealing that
had begun before it. Writers of one receipt stand in line by an advisory lock on its first eight bytes.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from survey.enums import WaveState

_ERASING = 0x5E7  # the first key of the two-key advisory locks on waves; any constant will do


class LockedWave(NamedTuple):
    state: WaveState
    late_until: datetime | None
    is_late: bool
    """Closed, and the time for answers on their way is over."""


def share_wave(wave_id: int) -> LockedWave:
    """Hold the wave so that it cannot be sealed before the caller's transaction ends."""
    return _lock_wave(wave_id, "FOR KEY SHARE")


def own_wave(wave_id: int) -> LockedWave:
    """Hold the wave alone: waits for submissions and erasures under way, and makes later ones wait."""
    return _lock_wave(wave_id, "FOR UPDATE")


def hold_wave(wave_id: int) -> LockedWave:
    """Hold the wave against other changes of it; submissions and erasures go on."""
    return _lock_wave(wave_id, "FOR NO KEY UPDATE")


def see_wave(wave_id: int) -> LockedWave:
    """Without holding or waiting for it: for pages, and for callers who hold it already."""
    return _lock_wave(wave_id, "")


def _lock_wave(wave_id: int, mode: str) -> LockedWave:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, late_until, state = 'closed' AND coalesce(late_until < now(), true) "
            f"FROM survey_wave WHERE id = %s {mode}",
            [wave_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"no wave {wave_id}")
    return LockedWave(WaveState(row[0]), row[1], row[2])


def announce_erasure(wave_id: int) -> None:
    _ask("SELECT pg_advisory_xact_lock_shared(%s::int, %s::int)", _ERASING, wave_id)


def nobody_is_erasing(wave_id: int) -> bool:
    """True, and then kept true until the transaction ends, if no erasure of this wave is under way."""
    return bool(_ask("SELECT pg_try_advisory_xact_lock(%s::int, %s::int)", _ERASING, wave_id))


def lock_receipt(receipt: bytes) -> None:
    _ask("SELECT pg_advisory_xact_lock(%s::bigint)", int.from_bytes(receipt[:8], "big", signed=True))


def _ask(statement: str, *values: int) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None
