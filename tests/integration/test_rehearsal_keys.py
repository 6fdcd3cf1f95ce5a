"""The keys of `make run`: passphrases stay, in a file for its owner alone; without the file, keys are made anew."""

from pathlib import Path

import pytest

from accounts.enums import Role
from accounts.models import User
from config import rehearsal_keys
from survey.moderation.unlocking import reading_private
from survey.queries.keys import active_holders, current_reading_key
from survey.sealed_texts import passphrases


@pytest.mark.django_db
def test_both_hold_the_key_and_keep_their_passphrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases.lock, "__defaults__", (4,))
    people = [User.objects.create(email=f"r{place}@example.org", roles=[Role.REVIEWER]) for place in (1, 2)]
    file = tmp_path / "var" / "passphrases.json"
    first = rehearsal_keys.prepare(people, file)
    key = current_reading_key()
    assert key is not None
    assert active_holders(key) == 2
    assert file.stat().st_mode & 0o777 == 0o600
    assert rehearsal_keys.prepare(people, file) == first
    assert current_reading_key() == key
    assert {reading_private(user, first[user.email], key) for user in people}

    file.unlink()
    anew = rehearsal_keys.prepare(people, file)
    assert set(anew.values()).isdisjoint(first.values())
    later = current_reading_key()
    assert later is not None
    assert (later != key, active_holders(later)) == (True, 2)
