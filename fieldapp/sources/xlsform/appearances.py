"""The words of the appearance column that somebody gives a meaning: ODK, Enketo, Kobo or we."""

from __future__ import annotations

import re

SELECT = (
    "minimal quick quickcompact compact horizontal horizontal-compact columns columns-pack "
    "columns-flex no-buttons likert image-map map autocomplete autocomplete_chars search label "
    "list list-nolabel randomized picker"
)
MAPS = "maps placement-map new-front hide-input"
OWN = "norm-photo place story story-themes doors faces cards voice same-place"
KNOWN = frozenset(
    f"{SELECT} {MAPS} {OWN} field-list table-list multiline numbers thousands-sep url ex counter "
    "bearing printer masked vertical no-ticks picker rating distress my-widget no-calendar year "
    "month-year ethiopian coptic islamic bikram-sambat myanmar persian buddhist draw annotate "
    "signature new selfie new-front front hidden-answer streetview intent summary pages theme-grid "
    "dn kb bar rows bikram".split()
)
PATTERN = re.compile(r"w\d{1,2}|columns-\d{1,2}|compact-\d{1,2}|quickcompact-\d{1,2}|h\d|ex:.*"
                     r"|printer:.*|search\(.*|dateformat.*|geovis.*|text:.*|ghost-.+")  # fmt: skip


def unknown(appearance: str) -> list[str]:
    """The words that mean nothing to anybody; what stands in a call is no word."""
    plain = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "()", appearance)
    return [
        word for word in plain.split()
        if word not in KNOWN and not PATTERN.fullmatch(word) and word != "()"
    ]  # fmt: skip
