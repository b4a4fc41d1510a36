"""Public holidays by country or region, as the `holidays` library knows them.

Which one somebody lives under is said in the staff file and never guessed: neither a language nor a
time zone tells it. The library is loaded when the first region is asked for.
"""

from datetime import date
from functools import cache


@cache
def regions() -> frozenset[str]:
    """Every country (DE) and part of one (DE-BY) whose holidays are known."""
    from holidays import list_supported_countries

    parts = list_supported_countries(include_aliases=False)
    whole = frozenset(parts)
    return whole | {f"{country}-{part}" for country, found in parts.items() for part in found}


def is_holiday(region: str, day: date) -> bool:
    """Whether nobody has to work there on that day; never where no such region is known.

    >>> is_holiday("DE-BY", date(2027, 1, 6)), is_holiday("DE-BE", date(2027, 1, 6))
    (True, False)
    """
    return bool(region) and day in _of_year(region, day.year)


@cache
def _of_year(region: str, year: int) -> frozenset[date]:
    from holidays import country_holidays

    country, _, part = region.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=part or None, years=year, expand=False))
    except NotImplementedError:  # how the library says that it knows no such place
        return frozenset()
