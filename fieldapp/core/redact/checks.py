"""Check digits and other tests that a shape alone cannot give."""

from __future__ import annotations

# Length of an IBAN per country (ISO 13616 registry), for the countries people here bank in.
IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27,
    "LT": 20, "LU": 20, "LV": 21, "MA": 28, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip


def digits(text: str) -> str:
    """Only the ASCII digits of ``text``."""
    return "".join(c for c in text if "0" <= c <= "9")


def is_bsn(number: str) -> bool:
    """The eleven-test: 9a+8b+...+2h-i divides by 11; eight digits get a zero in front."""
    number = number.zfill(9)
    if len(number) != 9 or not int(number):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(w * int(d) for w, d in zip(weights, number, strict=True))
    return total % 11 == 0


def is_iban(number: str) -> bool:
    """Right length for its country, and remainder 1 after division by 97 (ISO 7064)."""
    number = number.upper()
    if len(number) != IBAN_LENGTHS.get(number[:2]):
        return False
    moved = number[4:] + number[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def is_date(day: int, month: int, year: int) -> bool:
    """Could be a day of birth: 1900 to 2099; two digits stand for any century."""
    return 1 <= day <= 31 and 1 <= month <= 12 and (year < 100 or 1900 <= year <= 2099)
