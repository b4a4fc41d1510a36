"""Accounts of a chat as tests need them: somebody in Tokyo who reads German."""

from dataclasses import replace
from typing import Any

from campaigns.domain.accounts import Account, Standing


def account(number: int, email: str, **changes: Any) -> Account:
    """The account U… of somebody who is staff, but for what is said."""
    usual = Account(f"U{number}", Standing.STAFF, f"Name {number}", email, "Asia/Tokyo", "de-DE")
    return replace(usual, **changes)
