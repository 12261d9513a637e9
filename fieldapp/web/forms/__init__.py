"""Pages of a survey as WTForms: a table of types, the texts of problems, a draft's own token."""

from fieldapp.web.forms.look import Asked, PageLook
from fieldapp.web.forms.page import PageForm, page_form
from fieldapp.web.forms.texts import problem_text
from fieldapp.web.forms.token import DraftToken

__all__ = ["Asked", "DraftToken", "PageForm", "PageLook", "page_form", "problem_text"]
