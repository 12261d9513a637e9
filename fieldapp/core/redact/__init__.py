"""Personal data in Dutch text: find it, mask it. Standard library only.

What it finds are suggestions: a person reads before a quote goes out. It errs towards finding.
"""

from fieldapp.core.redact.find import KINDS, find
from fieldapp.core.redact.finding import Finding
from fieldapp.core.redact.mask import LABELS, mask

__all__ = ["KINDS", "LABELS", "Finding", "find", "mask"]
