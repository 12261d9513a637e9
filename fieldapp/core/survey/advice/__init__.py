"""The publish check: what a person should know of a survey before it goes out."""

from fieldapp.core.survey.advice.duration import Duration, duration_of
from fieldapp.core.survey.advice.finding import DECIDE, REMARK, Advice
from fieldapp.core.survey.advice.rules import advice

__all__ = ["DECIDE", "REMARK", "Advice", "Duration", "advice", "duration_of"]
