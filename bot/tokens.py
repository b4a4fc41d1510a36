"""Button values nobody can read or forge: who pressed what under which message, sealed.

A token is encrypted and authenticated (Fernet, keys derived from `secret_key` for this use alone),
so neither a person's number nor an answer can be read off a page or a platform's records, and a
changed one opens to nothing. It never holds a text. At most 255 characters: what the strictest
field of a chat platform takes.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from campaigns.domain.messages import Action, Event, Tap
from campaigns.errors import ConfigurationError, InputError

MAX_LENGTH = 255
_LAYOUT = b"1"  # of the sealed bytes; a button from another layout is refused as forged
_SEPARATOR = "\x1f"


class TokenError(InputError):
    """A button's value that opens to nothing; `kind` says whether it was ever ours."""

    def __init__(self, kind: Literal["forged", "expired"]) -> None:
        self.kind: Literal["forged", "expired"] = kind
        super().__init__(
            "This button is too old. Reload the page or wait for the next message."
            if kind == "expired"
            else "This button is not one of ours. Reload the page and try again."
        )


class Tokens:
    """Seals with the first secret and opens with any; a token opens for `days` days.

    Raises ConfigurationError without a secret.
    """

    def __init__(self, secrets: Sequence[str], days: int, now: Callable[[], datetime]) -> None:
        if not secrets or not all(secrets):
            raise ConfigurationError("BELLWETHER_SECRET_KEY is empty; set a secret.")
        self._fernet = MultiFernet([Fernet(_derive(secret)) for secret in secrets])
        self._lifetime = timedelta(days=days)
        self._now = now

    def __repr__(self) -> str:
        return "Tokens()"

    def seal(self, person_id: int, delivery_key: str, tap: Tap) -> str:
        """A value for the button that means this tap, by this person, under this message.

        Raises ValueError for a tap too long for a button: a slip in the program, not of a person.
        """
        fields = (str(person_id), delivery_key, tap.action.value, tap.question, tap.value)
        if any(_SEPARATOR in field for field in fields):
            raise ValueError("a tap holds a control character")
        sealed = self._fernet.encrypt_at_time(
            _LAYOUT + _SEPARATOR.join(fields).encode(), int(self._now().timestamp())
        )
        token = sealed.decode().rstrip("=")
        if len(token) > MAX_LENGTH:
            raise ValueError("a tap is too long for a button")
        return token

    def open(self, token: str) -> Event:
        """What the press means, without a text. Raises TokenError for forged and expired ones."""
        sealed = _canonical(token)
        try:
            plain = self._fernet.decrypt(sealed)
            sealed_at = self._fernet.extract_timestamp(sealed)
        except InvalidToken:
            raise TokenError("forged") from None
        if not plain.startswith(_LAYOUT):
            raise TokenError("forged")
        if self._now().timestamp() > sealed_at + self._lifetime.total_seconds():
            raise TokenError("expired")
        person_id, delivery_key, action, question, value = (
            plain[len(_LAYOUT) :].decode().split(_SEPARATOR)
        )
        return Event(int(person_id), delivery_key, Tap(Action(action), question, value))


def _derive(secret: str) -> bytes:
    derivation = HKDF(SHA256(), length=32, salt=None, info=b"bellwether button tokens")
    return base64.urlsafe_b64encode(derivation.derive(secret.encode()))


def _canonical(token: str) -> bytes:
    """The padded token; refuses spellings that base64 would forgive, so each has only one."""
    if len(token) > MAX_LENGTH or not token.isascii() or "=" in token:
        raise TokenError("forged")
    padded = token.encode() + b"=" * (-len(token) % 4)
    try:
        decoded = base64.urlsafe_b64decode(padded)
    except binascii.Error:
        raise TokenError("forged") from None
    if base64.urlsafe_b64encode(decoded) != padded:
        raise TokenError("forged")
    return padded
