"""What people write, made unreadable at rest: the only door to the data keys.

Texts go in as words and come out of the database as Fernet tokens (AES-128-CBC with HMAC). The
first key encrypts, every key decrypts, so a new one is put in front and the old ones stay until
nothing needs them. This file must never log, and no error it raises carries a text or a key.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from campaigns.errors import ConfigurationError


def new_key() -> str:
    """A fresh random key, as `BELLWETHER_DATA_KEYS` takes it."""
    return Fernet.generate_key().decode()


class Vault:
    """Encrypts with the first of its keys and decrypts with any of them.

    Raises ConfigurationError when there is no key, or one is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            fernets = [Fernet(key.strip()) for key in keys]
            self._fernet = MultiFernet(fernets)
        except ValueError:
            raise ConfigurationError(
                "BELLWETHER_DATA_KEYS must be one or more Fernet keys, separated by commas; "
                "`bellwether secrets` prints a fresh one."
            ) from None

    def __repr__(self) -> str:
        return "Vault()"

    def encrypt(self, text: str) -> bytes:
        """The text, unreadable without a key; never the same twice."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, data: bytes) -> str:
        """The text that `encrypt` was given.

        Raises ConfigurationError when no key fits or the bytes were changed.
        """
        try:
            return self._fernet.decrypt(data).decode()
        except InvalidToken:
            raise ConfigurationError(
                "A stored text can't be read with the keys in BELLWETHER_DATA_KEYS; "
                "add the key it was written with to the end of the list."
            ) from None

    def read(self, data: bytes) -> str | None:
        """The same; None where its key is missing: nothing is lost then, and nothing is shown."""
        try:
            return self.decrypt(data)
        except ConfigurationError:
            return None
