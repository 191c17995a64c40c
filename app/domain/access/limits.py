"""How often logins may be tried, by account and by address; own numbers rung, cases sent. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.access.token_bucket import RateLimit


class Limited(StrEnum):
    """What is limited, and by what."""

    PASSWORD_OF_ACCOUNT = "password_of_account"
    PASSWORD_FROM_ADDRESS = "password_from_address"
    CODE_OF_ACCOUNT = "code_of_account"
    CODE_FROM_ADDRESS = "code_from_address"
    LINK_TO_ACCOUNT = "link_to_account"
    LINK_FROM_ADDRESS = "link_from_address"
    ACCOUNT_OF_ADDRESS = "account_of_address"
    ACCOUNT_FROM_ADDRESS = "account_from_address"
    INVITATIONS_OF_CUSTOMER = "invitations_of_customer"
    OWN_NUMBERS_RUNG = "own_numbers_rung"
    CUSTOMER_CALLS = "customer_calls"
    PIN_FROM_NUMBER = "pin_from_number"
    CASES_OF_ACCOUNT = "cases_of_account"
    CHANGES_OF_ACCOUNT = "changes_of_account"


# A whole office may share one address; a password that was forgotten is tried a few times.
LIMITS: Final[Mapping[Limited, RateLimit]] = {
    Limited.PASSWORD_OF_ACCOUNT: RateLimit(10, timedelta(hours=1)),
    Limited.PASSWORD_FROM_ADDRESS: RateLimit(50, timedelta(hours=1)),
    Limited.CODE_OF_ACCOUNT: RateLimit(10, timedelta(hours=1)),
    Limited.CODE_FROM_ADDRESS: RateLimit(50, timedelta(hours=1)),
    Limited.LINK_TO_ACCOUNT: RateLimit(5, timedelta(hours=1)),
    Limited.LINK_FROM_ADDRESS: RateLimit(30, timedelta(hours=1)),
    Limited.ACCOUNT_OF_ADDRESS: RateLimit(3, timedelta(hours=1)),
    Limited.ACCOUNT_FROM_ADDRESS: RateLimit(30, timedelta(hours=1)),
    Limited.INVITATIONS_OF_CUSTOMER: RateLimit(30, timedelta(hours=1)),
    Limited.OWN_NUMBERS_RUNG: RateLimit(6, timedelta(hours=1)),
    Limited.CUSTOMER_CALLS: RateLimit(30, timedelta(hours=1)),
    Limited.PIN_FROM_NUMBER: RateLimit(10, timedelta(hours=1)),
    # In the portal: cases; and comments, moves and files, each sending one.
    Limited.CASES_OF_ACCOUNT: RateLimit(30, timedelta(hours=1)),
    Limited.CHANGES_OF_ACCOUNT: RateLimit(60, timedelta(hours=1)),
}
