"""What counts as a promise in what somebody filled in."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 2000  # characters; the whole answer stays with the submission

# People fill in "geen" where nothing was promised, though the form says to leave it empty.
NOTHING = frozenset(
    {
        *("geen", "geen afspraak", "geen afspraken", "geen bijzonderheden"),
        *("nee", "neen", "niets", "niets beloofd", "niks", "niks beloofd", "nog niets"),
        *("niet van toepassing", "nvt", "n v t", "no", "none", "nothing", "n a"),
    }
)


def promised(answer: Any) -> str:
    """The words of a promise; "" when the answer says that there is none.

    `answer`: the words of one answer, or a list of them (choices, rounds of a repeat).
    """
    parts = answer if isinstance(answer, list | tuple) else [answer]
    words = [str(part).strip() for part in parts if part is not None]
    said = [text for text in words if not _is_nothing(text)]
    return "\n".join(said)[:LONGEST].strip()


def _is_nothing(text: str) -> bool:
    plain = " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())
    return not plain or plain in NOTHING
