"""The one table of functions: the families together, and what is refused with a word.

To add a function: write it in its family (values in, value out, never raises), give it a row
there, give it a twin in static/js/engine/expression.js and cases in tests/vectors.
Meanings: XPath 1.0 for operators, the ODK XForms specification for the rest; docs/expressies.md
says where and why we differ.
"""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp.core.expression.dates import DATES
from fieldapp.core.expression.geo import GEO
from fieldapp.core.expression.hashes import HASHES
from fieldapp.core.expression.nodesets import NODESETS
from fieldapp.core.expression.numbers import NUMBERS
from fieldapp.core.expression.operators import OPERATORS
from fieldapp.core.expression.selects import SELECTS
from fieldapp.core.expression.strings import STRINGS
from fieldapp.core.expression.table import Function

__all__ = ["FUNCTIONS", "OPERATORS", "REFUSED", "TABLE", "Function"]

FUNCTIONS: Mapping[str, Function] = {
    **DATES, **GEO, **HASHES, **NODESETS, **NUMBERS, **SELECTS, **STRINGS,
}  # fmt: skip

TABLE: Mapping[str, Function] = {**FUNCTIONS, **OPERATORS}

# functions of ODK or XPath that make no sense here, and what to write instead
REFUSED: Mapping[str, str] = {
    "jr:itext": "jr:choice-name()",  # texts are looked up by the form itself
    "extract-signed": "",  # needs keys of another system
    "thousandsep": "",
    "depend": "",
    "id": "${...}",
    "lang": "",
    "namespace-uri": "local-name()",
    "text": ".",
    "node": ".",
    "enclosed-area": "area()",
    "is-selected": "selected()",
    "upper-case": "translate()",
    "lower-case": "translate()",
}
