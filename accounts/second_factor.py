"""The second factor: secrets encrypted at rest, each code good for one log-in."""

import base64
import hashlib
from functools import lru_cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from accounts.models import User

_CODE_LIVES = 120
"""Seconds: longer than a code is accepted, with the steps before and after it."""


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Whoever reads the database alone, or a copy of it, cannot make codes."""

    def encrypt(self, text: str) -> str:
        return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(encrypted_text.encode()).decode()


@lru_cache(maxsize=4)
def _keys(*secrets: str) -> MultiFernet:
    """Encrypts with the first, reads with any. Derived, so that the key of signatures is not used for two things."""
    digests = (hashlib.blake2b(secret.encode(), digest_size=32, person=b"second factor").digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class _Once:
    """What was seen over a shoulder is of no use: the library alone would take a code again after 30 seconds."""

    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        plain = "".join(sign for sign in code if sign.isalnum())
        if not cache.add(f"second-factor-used:{self.user.pk}:{plain}", True, timeout=_CODE_LIVES):
            raise Adapter().validation_error("incorrect_code")
        return code


class Authenticate(_Once, AuthenticateForm):  # type: ignore[misc]
    pass


class Reauthenticate(_Once, ReauthenticateForm):  # type: ignore[misc]
    pass


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether somebody who is logged in still has to set up the second factor that this installation asks for."""
    if not settings.MFA_REQUIRED or not user.is_authenticated:
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
