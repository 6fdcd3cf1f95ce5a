"""Whether what people wrote can still be read by those who should: reading keys, their holders, texts left in plain."""

from collections.abc import Iterator

from config.doctor.findings import Finding, warning, wrong
from survey.enums import Mode, WaveState
from survey.models import Testimony, Wave
from survey.queries.instruments import asks_for_texts
from survey.queries.keys import HOLDERS_ADVISED, HOLDERS_WANTED, active_holders, inactive_holders

_PAGE = "/review/keys/"


def texts_have_readers() -> Iterator[Finding]:
    """A passphrase that nobody remembers loses every text that was sealed for its key alone."""
    for wave in _waves_with_texts():
        if wave.reading_key is None:
            yield wrong(
                f"{wave} has no reading key: what people write lies in the database in plain.",
                f"Let a reviewer make one on {_PAGE}; the wave then takes it.",
            )
            continue
        number = active_holders(wave.reading_key)
        do = f"Let other reviewers make keys on {_PAGE}, and one who holds the reading key grant them a share."
        if number == 0:
            yield wrong(f"No active reviewer can read the texts of {wave}.", do)
        elif number < HOLDERS_WANTED:
            yield warning(
                f"Only one reviewer can read the texts of {wave}: one passphrase forgotten, and they are lost. "
                f"{HOLDERS_ADVISED} are better.",
                do,
            )


def holders_are_active() -> Iterator[Finding]:
    keys = {wave.reading_key for wave in _waves_with_texts() if wave.reading_key}
    for email in sorted({email for key in keys for email in inactive_holders(key)}):
        yield warning(
            f"{email} holds a reading key and is no active reviewer.",
            f"Take the share away on {_PAGE}, or make the account a reviewer's again.",
        )


def no_text_is_in_plain() -> Iterator[Finding]:
    if Testimony.objects.filter(plain__isnull=False).exists():
        yield wrong(
            "Testimonies that an earlier version has sealed are in plain.",
            f"Once a reviewer has made a reading key on {_PAGE}: manage.py seal_texts.",
        )


def _waves_with_texts() -> Iterator[Wave]:
    """Live waves that take texts, or hold some that are not moderated yet."""
    waves = Wave.objects.select_related("survey", "reading_key").filter(survey__mode=Mode.LIVE)
    for wave in waves.exclude(state=WaveState.PLANNED):
        if wave.state == WaveState.SEALED:
            has_texts = Testimony.objects.filter(wave=wave, ciphertext__isnull=False, moderated=None).exists()
        else:
            has_texts = asks_for_texts(wave.survey.instrument)
        if has_texts:
            yield wave
