"""Replace findings by readable placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from fieldapp.core.redact.finding import Finding

# Stand in the text that people read, so Dutch like the text; another language passes its own.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "iban": "[rekeningnummer]",
        "bsn": "[bsn]",
        "email": "[e-mail]",
        "phone": "[telefoon]",
        "plate": "[kenteken]",
        "birth_date": "[geboortedatum]",
        "address": "[adres]",
        "postcode": "[postcode]",
        "url": "[link]",
        "name": "[naam]",
    }
)


def mask(text: str, findings: Iterable[Finding], labels: Mapping[str, str] = LABELS) -> str:
    """``text`` with each finding replaced by the label of its kind.

    Findings may come in any order and may overlap: of two that do, the later one only hides what
    the first left uncovered. A kind without label becomes [...].
    """
    pieces = []
    position = 0
    for finding in sorted(findings, key=lambda f: (f.start, f.end)):
        if finding.end <= position:
            continue
        if finding.start >= position:
            pieces += [text[position : finding.start], labels.get(finding.kind, "[...]")]
        position = finding.end
    return "".join([*pieces, text[position:]])
