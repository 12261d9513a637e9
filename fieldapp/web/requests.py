"""What every request goes through before a view sees it: no NUL, no number that no table has.

Neither is ever typed by a person. PostgreSQL refuses both with an error that would become a 500.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter as AnyInteger

LARGEST_ID = 2**31 - 1  # of an integer column


class PlainRequest(Request):
    """A request whose fields, from the address and from forms, hold no NUL."""

    @property
    def args(self) -> MultiDict[str, str]:
        """As Flask's, NULs taken out."""
        return _without_nul(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.__dict__["form"])


def _without_nul(fields: MultiDict[str, str]) -> MultiDict[str, str]:
    """The same object when there is nothing to take out, which is nearly always."""
    # A multipart field may come without a name: then it is None, whatever the types say.
    pairs = [(name or "", value) for name, value in fields.items(multi=True)]
    if not any("\0" in name or "\0" in value for name, value in pairs):
        return fields
    clean = [(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs]
    return ImmutableMultiDict(clean)


class IntegerConverter(AnyInteger):
    """A number in an address; one that no id can be is an address that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(*args, **kwargs)


def init_requests(app: Flask) -> None:
    """Before any blueprint adds a route."""
    app.request_class = PlainRequest
    app.url_map.converters["int"] = IntegerConverter

    @app.before_request
    def no_nul_in_the_address() -> None:
        if "\0" in request.path:
            abort(404)
