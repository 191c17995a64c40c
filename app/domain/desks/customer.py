"""Somebody who has an agreement with a desk."""

from dataclasses import dataclass
from typing import Final

LARGEST_SHARE_REMOVED: Final = 0.1  # of a desk's customers, by an import that was not told to


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who has an agreement with a desk.

    `phones` belong to people of the customer; `shared_phones` are switchboards:
    they may point at the customer, never at a person, and get no SMS.
    `caller_class` names a group that the desk may not serve. Whoever has mail at one of
    `mail_domains` is one of the customer's people as soon as they have shown that they get it.
    """

    number: str
    name: str
    agreement: str
    phones: tuple[str, ...] = ()
    shared_phones: tuple[str, ...] = ()
    caller_class: str = ""
    owner: str = ""  # the id of the group of customers that it belongs to
    mail_domains: tuple[str, ...] = ()

    def answers_to(self, digits: str) -> bool:
        """Tell whether this telephone number is one of the customer's."""
        return digits in self.phones or digits in self.shared_phones

    def has_mail_address(self, address: str) -> bool:
        """Tell whether a mail address is at a domain of the customer's; none below it counts."""
        return address.lower().rpartition("@")[2] in self.mail_domains


def removes_too_many(removed: int, of: int) -> bool:
    """Tell whether an import that removes so many customers is more likely a broken file."""
    return removed > LARGEST_SHARE_REMOVED * of
