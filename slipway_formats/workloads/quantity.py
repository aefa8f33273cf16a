"""Quantities of processor time and memory, as Kubernetes writes them. Source: its "Quantity" of API conventions."""

import re
from decimal import ROUND_CEILING, Decimal

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:([eE][+-]?[0-9]{1,2})|(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?")
_LONGEST = 40
_FACTORS = {
    "m": Decimal("0.001"),
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", start=1)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
}


def amount_of(text: str) -> Decimal | None:
    """Return the amount that a quantity says, such as 0.2 for `200m`; None if it is none."""
    found = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    digits, exponent, suffix = found.groups()
    return Decimal(digits + (exponent or "")) * _FACTORS.get(suffix or "", Decimal(1))


def whole_of(text: str, unit: Decimal = Decimal(1)) -> int:
    """Return a quantity in whole units, rounded up; 0 for a blank one. unit: 0.001 for thousandths of a processor."""
    amount = amount_of(text)
    return int((amount / unit).to_integral_value(ROUND_CEILING)) if amount is not None else 0
