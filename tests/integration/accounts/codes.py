"""An authenticator app for tests."""

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)

SECRET = generate_totp_secret()


def code_now(secret: str = SECRET) -> str:
    _, now, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, now))
