"""The database rows."""

from landmarks.models.face import Face, faces_of
from landmarks.models.photo import Photo
from landmarks.models.position import PlaceField, first_place
from landmarks.models.rate_count import Tally
from landmarks.models.result import Crowd, Result, ResultQuerySet, State, fitting
from landmarks.models.token import Token

__all__ = [
    "Crowd",
    "Face",
    "Photo",
    "PlaceField",
    "Result",
    "ResultQuerySet",
    "State",
    "Tally",
    "Token",
    "faces_of",
    "first_place",
    "fitting",
]
