"""Raw values from a form or from JSON -> typed answers, by type of question.

Three kinds of silence stay apart: a question that was not asked is absent from the answers, one
that was left blank is None, and "weet niet" is the choice `weet_niet` like any other.

Typed answers: text, select_one, hidden, barcode and acknowledge ("OK") are str; integer int;
decimal float; range int or float by its parameters; date date; time time; dateTime datetime
without a zone; select_multiple, rank and the file types list[str]; geopoint "lat lon altitude
accuracy" as in ODK, geotrace and geoshape several of those with "; " between; a repeat is a list
of answers, one mapping a round. A path (`kamers/0/soort`) names one answer among rounds.
"""

from fieldapp.core.answers.chosen import MOST_FILES
from fieldapp.core.answers.paths import answer_at, answers_of
from fieldapp.core.answers.places import MOST_POINTS
from fieldapp.core.answers.readers import READERS, takes_answer
from fieldapp.core.answers.rounds import MOST_ROUNDS, MOST_ROUNDS_IN_ALL, Parsed, parse_answers
from fieldapp.core.answers.texts import LARGEST, LONGEST, OK
from fieldapp.core.answers.values import Answer, Answers
from fieldapp.core.survey.choices import survey_choices

__all__ = [
    "LARGEST",
    "LONGEST",
    "MOST_FILES",
    "MOST_POINTS",
    "MOST_ROUNDS",
    "MOST_ROUNDS_IN_ALL",
    "OK",
    "READERS",
    "Answer",
    "Answers",
    "Parsed",
    "answer_at",
    "answers_of",
    "parse_answers",
    "survey_choices",
    "takes_answer",
]
