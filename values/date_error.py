"""The one error of dates, for :mod:`values.dates` and :mod:`values.ages`."""


class DateError(ValueError):
    """A date cannot be understood or cannot be true. Forms and lists turn it into a problem.

    ``code`` is one of ``form``, ``no_such_day``, ``no_such_month``, ``future``,
    ``age_impossible``, ``calendar``; ``sentence`` is English and says what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
