"""Making and changing a survey without Excel; importing it hangs the pages on the blueprint.

views: the desk (outline, the row being edited, phone preview) and undo; work and rows: what a
sent form does to the definition; sheet, choices, conditions, outline: what the pages show;
languages, settings, begin, preview: pages of their own; texts: every word.
"""

from fieldapp.web.surveys.builder import begin, languages, preview, settings, views

__all__ = ["begin", "languages", "preview", "settings", "views"]
