"""What the name of a column tells about it: an id, an entity, a moment, an amount."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_PEOPLE = (
    "account|applicant|author|borrower|buyer|card|client|company|customer|driver|employee|family|"
    "guest|household|member|participant|passenger|patient|person|player|policyholder|respondent|"
    "seller|student|subject|subscriber|user|visitor|worker"
)
_THINGS = "animal|car|device|engine|machine|merchant|sensor|session|shop|store|vehicle"
_EVENTS = "case|invoice|item|loan|obs|order|product|record|row|sample|ticket|trans|transaction"
_ENTITIES = (re.compile(f"^({_PEOPLE})$"), re.compile(f"^({_THINGS})$"))
_BARE_ID = len(_ENTITIES)
_ID = re.compile(r"^(id|uid|uuid|guid|key|hash|index|idx)$")
# These number an entity, as in "card_no", or something else, as in "house_number".
_NUMBER = re.compile(r"^(no|nr|num|number|code)$")
# "userid" is written as one word more often than not.
_JOINED = re.compile(rf"^({_PEOPLE}|{_THINGS}|{_EVENTS})(id|no|nr|key|number)$")
_COUNT = re.compile(r"^(n|no|nr|num|number|count|total|avg|mean|max|min|is|has)$")

_MOMENT = re.compile(
    r"^(.*date|.*time|.*timestamp|datum|dt|ts|day|week|month|period|when|created|occurred|"
    r"recorded|observed|measured)$"
)
_OTHER_MOMENT = re.compile(
    r"^(birth|born|dob$|expir|exp$|due|end$|ended|enddate|endtime|until|valid|matur|death|died|"
    r"retire|hire|join|signup|regist|opened|closed|built|founded|first$|last$|updat|modif|deliver|"
    r"arriv|dropoff|return)"
)
_CLOCK = re.compile(r"^(year|yr|quarter|hour|minute|second|step|epoch|t)$")
# Within a word, too, as in "startdate": that the values are dates is for them to show.
_DATE = re.compile(r"(?i:date|day|time|timestamp|datum)")
_AMOUNT = re.compile(r"^(transaction)?(amount|amt)(usd|eur|gbp|chf|jpy)?$")


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case.

    >>> words("customerID"), words("date_of-birth 2")
    (('customer', 'id'), ('date', 'of', 'birth', '2'))
    """
    return tuple(word.lower() for word in _WORD.findall(name))


def names_id(name: str) -> bool:
    """Whether the name says that each row, or each of something, has a number of its own."""
    *before, last = words(name) or ("",)
    return bool(
        _ID.match(last) or _JOINED.match(last) or (before and last in ("no", "nr", "number"))
    )


def entity_tier(name: str) -> int | None:
    """Return how well grouping by what is named protects from leaks: 0 best, None not at all.

    People, accounts and cards come before places and devices, and those before a bare "id".

    >>> [entity_tier(name) for name in ("card_id", "StoreNr", "id", "card_type", "n_customer")]
    [0, 1, 2, None, None]
    """
    *before, last = words(name) or ("",)
    if before and _COUNT.match(before[0]):
        return None
    if joined := _JOINED.match(last):
        last = joined[1]
    elif _ID.match(last) or _NUMBER.match(last):
        if not before:
            return _BARE_ID if last in ("id", "uid") else None
        last = before[-1]
    return next((tier for tier, known in enumerate(_ENTITIES) if known.match(last)), None)


def names_moment(name: str) -> bool:
    """Whether the name says when a row happened, rather than some other date of its subject."""
    found = words(name)
    if any(_OTHER_MOMENT.match(word) for word in found):
        return False
    return any(_MOMENT.match(word) for word in found)


def names_date(name: str) -> bool:
    """Whether the name allows for whole numbers such as 20240131 to be dates.

    >>> names_date("startdate"), names_date("amount")
    (True, False)
    """
    return _DATE.search(name) is not None


def names_clock(name: str) -> bool:
    """Whether the name is one of a quantity that counts up by itself, as years do."""
    return any(_CLOCK.match(word) or _MOMENT.match(word) for word in words(name))


def names_amount(name: str) -> bool:
    """Whether the name is that of the money that a row is about."""
    return bool(_AMOUNT.match("".join(words(name))))
