"""Words at rest are unreadable, and an old key goes on opening what it closed."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import ConfigurationError
from campaigns.storage.vault import Vault, new_key

KEY, OTHER = new_key(), new_key()
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(texts)
def test_vault_gives_back_the_text_when_the_key_fits(text: str) -> None:
    vault = Vault([KEY])
    assert vault.decrypt(vault.encrypt(text)) == text


def test_vault_never_writes_the_same_bytes_when_a_text_comes_twice() -> None:
    vault = Vault([KEY])
    assert vault.encrypt("more training") != vault.encrypt("more training")


def test_vault_hides_the_text_when_it_encrypts() -> None:
    assert b"training" not in Vault([KEY]).encrypt("training")


def test_vault_opens_old_texts_when_a_new_key_stands_in_front() -> None:
    old = Vault([KEY]).encrypt("more training")
    rotated = Vault([OTHER, KEY])
    assert rotated.decrypt(old) == "more training"
    assert Fernet(OTHER).decrypt(rotated.encrypt("new")) == b"new"


def test_vault_reads_nothing_when_the_key_is_missing() -> None:
    sealed = Vault([OTHER]).encrypt("more training")
    assert Vault([OTHER]).read(sealed) == "more training"
    assert Vault([KEY]).read(sealed) is None


@pytest.mark.parametrize("keys", [[], [""], ["change-me"], [KEY, "change-me"], ["ü" * 44]])
def test_vault_refuses_to_start_when_a_key_is_none(keys: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="BELLWETHER_DATA_KEYS") as caught:
        Vault(keys)
    assert KEY not in str(caught.value)


def test_vault_says_which_setting_to_look_at_when_no_key_fits() -> None:
    sealed = Vault([OTHER]).encrypt("more training")
    with pytest.raises(ConfigurationError, match="BELLWETHER_DATA_KEYS") as caught:
        Vault([KEY]).decrypt(sealed)
    assert "training" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_vault_shows_no_key_when_it_is_printed() -> None:
    assert repr(Vault([KEY])) == "Vault()"
