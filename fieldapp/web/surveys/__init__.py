"""Surveys: read, made, checked, tried, compared, published. For who runs the organisation.

One line for each module with pages; importing it hangs them on the blueprint.
"""

from fieldapp.web.surveys.blueprint import blueprint

# isort: split
from fieldapp.web.surveys import (
    builder,
    check,
    deeds,
    difference,
    download,
    overview,
    trial,
    upload,
    version,
)

__all__ = [
    "blueprint",
    "builder",
    "check",
    "deeds",
    "difference",
    "download",
    "overview",
    "trial",
    "upload",
    "version",
]
