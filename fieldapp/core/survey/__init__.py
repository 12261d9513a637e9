"""Survey definitions: what they are (model), how they are read (load), when they are sound (check).

A definition is data in XLSForm vocabulary. `load_survey` either gives a Survey in which every name
exists and nothing runs in circles, or a SurveyError with all problems at once.
"""

from fieldapp.core.survey.load import judge_survey, load_survey, read_survey
from fieldapp.core.survey.model import Choice, Group, Item, Page, Question, Survey, Table, Text
from fieldapp.core.survey.problems import REMARKS, Problem, SurveyError
from fieldapp.core.survey.vocabulary import KINDS, ROLES, THEMES, TYPES, WEET_NIET, WIL_NIET
from fieldapp.core.survey.write import definition_hash, missing_texts, survey_to_dict

__all__ = [
    "KINDS",
    "REMARKS",
    "ROLES",
    "THEMES",
    "TYPES",
    "WEET_NIET",
    "WIL_NIET",
    "Choice",
    "Group",
    "Item",
    "Page",
    "Problem",
    "Question",
    "Survey",
    "SurveyError",
    "Table",
    "Text",
    "definition_hash",
    "judge_survey",
    "load_survey",
    "missing_texts",
    "read_survey",
    "survey_to_dict",
]
