"""Exact places become the centre of their cell of 100 m."""

from __future__ import annotations

from datetime import datetime

from shapely.geometry import Point

from fieldapp.db.geo import cell_100m
from fieldapp.db.queries import retention as queries
from fieldapp.db.queries.definitions import published_hashes
from fieldapp.services.intake.answers import coarse, placeless
from fieldapp.services.place_question import asks_other_places
from fieldapp.services.retention.job import Job
from fieldapp.services.survey_versions import surveys_of

# Half the diagonal of a 100 m cell, rounded up: how far off the cell's centre can be.
CELL_ACCURACY_M = 71.0


def points(job: Job) -> int:
    """Those of submissions, in their answers, and in content that came under the same id."""
    moment = job.months_ago(job.settings.point_months)
    return (
        _of_submissions(job, moment) + _in_answers(job, moment) + _points_of_conflicts(job, moment)
    )


def _of_submissions(job: Job, moment: datetime) -> int:
    done = 0
    for batch in queries.exact_points(job.session, moment, CELL_ACCURACY_M):
        for submission in batch:
            if submission.lon is None or submission.lat is None:
                continue
            lon, lat = cell_100m(submission.lon, submission.lat)
            submission.lon, submission.lat, submission.geom = lon, lat, Point(lon, lat)
            submission.accuracy_m = CELL_ACCURACY_M
            done += 1
        job.session.flush()
    return done


def _in_answers(job: Job, moment: datetime) -> int:
    """Other points, lines and areas that were asked for: only surveys that have such questions."""
    done = 0
    published = published_hashes(job.session)
    for version_id, survey in surveys_of(job.session, published).items():
        if not asks_other_places(survey):
            continue
        for batch in queries.captured_before(job.session, version_id, moment):
            for submission in batch:
                rounded = coarse(survey, submission.answers)
                if rounded != submission.answers:
                    submission.answers = rounded
                    done += 1
            job.session.flush()
        for conflict in queries.conflicts_before(job.session, moment, version_id):
            answers = placeless(survey, conflict.content.get("answers") or {})
            if answers != conflict.content.get("answers"):
                conflict.content = {**conflict.content, "answers": answers}
                done += 1
    return done


def _points_of_conflicts(job: Job, moment: datetime) -> int:
    done = 0
    for conflict in queries.conflicts_before(job.session, moment):
        place = conflict.content.get("location") or {}
        if place.get("lon") is None or (place.get("accuracy_m") or 0) >= CELL_ACCURACY_M:
            continue
        lon, lat = cell_100m(place["lon"], place["lat"])
        cell = {**place, "lon": lon, "lat": lat, "accuracy_m": CELL_ACCURACY_M}
        conflict.content = {**conflict.content, "location": cell}
        done += 1
    return done
