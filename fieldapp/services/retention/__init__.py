"""What may no longer be kept: rules as a table, kept by the worker once a day or by hand."""

from fieldapp.services.retention.accounts import leaving
from fieldapp.services.retention.job import Job, months_before
from fieldapp.services.retention.rules import RULES
from fieldapp.services.retention.service import (
    LastRun,
    Removed,
    apply_retention,
    document,
    last_applied,
)
from fieldapp.services.retention.submissions import is_let_go
from fieldapp.services.retention.words import is_hidden

__all__ = [
    "RULES",
    "Job",
    "LastRun",
    "Removed",
    "apply_retention",
    "document",
    "is_hidden",
    "is_let_go",
    "last_applied",
    "leaving",
    "months_before",
]
