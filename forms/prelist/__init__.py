"""Pre-registration lists: read, judge, group, and give back what is refused.

``read`` the bytes, ``judge`` the rows as written, ``intake`` groups what can be registered, and
``write_refused`` makes the list that goes back. See ``docs/formats/prelist.md``.
"""

from forms.errors import PrelistError
from forms.prelist.intake import Intake, ListHousehold, Refusal, intake
from forms.prelist.judgement import Judgement, RowVerdict, Verdicts, judge
from forms.prelist.reading import Prelist, read, series_of
from forms.prelist.refused import write_refused
from forms.prelist.row import Row
from forms.prelist.table import COLUMNS

__all__ = [
    "COLUMNS",
    "Intake",
    "Judgement",
    "ListHousehold",
    "Prelist",
    "PrelistError",
    "Refusal",
    "Row",
    "RowVerdict",
    "Verdicts",
    "intake",
    "judge",
    "read",
    "series_of",
    "write_refused",
]
