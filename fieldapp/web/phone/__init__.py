"""The app on the phone: whole forms, the data that goes along, the page about this phone.

The pages are ordinary pages; static/js/phone/ makes them work without signal.
"""

from fieldapp.web.phone import form_page, pack, this_phone  # noqa: F401  (hang their views on it)
from fieldapp.web.phone.blueprint import blueprint

__all__ = ["blueprint"]
