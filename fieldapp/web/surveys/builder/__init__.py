"""Making and changing a survey without Excel; importing it hangs the pages on the blueprint.

views: the desk (outline, the row being edited, phone preview) and undo; work and fields: what a
sent form does to the definition; sheet and outline: what the pages show; desk: their frame;
languages, settings, begin, preview: pages of their own; texts: every word.
"""

from fieldapp.web.surveys.builder.begin import new_page
from fieldapp.web.surveys.builder.languages import texts_page
from fieldapp.web.surveys.builder.preview import preview_page
from fieldapp.web.surveys.builder.settings import settings_page
from fieldapp.web.surveys.builder.views import edit_page

__all__ = ["edit_page", "new_page", "preview_page", "settings_page", "texts_page"]
