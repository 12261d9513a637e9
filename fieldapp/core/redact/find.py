"""All detectors over one text, without overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fieldapp.core.redact.address import find_addresses
from fieldapp.core.redact.detectors import DETECTORS
from fieldapp.core.redact.finding import Finding
from fieldapp.core.redact.names import find_names

# In order of preference when two findings are equally long.
KINDS = (
    "iban",
    "bsn",
    "email",
    "phone",
    "plate",
    "birth_date",
    "address",
    "postcode",
    "url",
    "name",
)
PLACE_KINDS = ("name", "address")


def find(text: str, *, known_places: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Personal data in ``text``, in reading order, never overlapping.

    Of findings that overlap the longest stays. ``known_places`` are names of areas, streets and
    institutions of this project: alone they are no personal data, whatever they look like.
    """
    places = {place.casefold() for place in known_places}
    found = [
        finding
        for finding in _all(text)
        if not (
            finding.kind in PLACE_KINDS and text[finding.start : finding.end].casefold() in places
        )
    ]
    found.sort(key=lambda f: (f.start - f.end, not f.certain, KINDS.index(f.kind), f.start))
    taken = bytearray(len(text))
    kept = []
    for finding in found:
        if any(taken[finding.start : finding.end]):
            continue
        taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
        kept.append(finding)
    return tuple(sorted(kept, key=lambda f: f.start))


def _all(text: str) -> Iterator[Finding]:
    for detector in DETECTORS:
        yield from detector.find(text)
    yield from find_addresses(text)
    yield from find_names(text)
