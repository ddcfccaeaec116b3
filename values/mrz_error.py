"""The one error of machine readable zones, for :mod:`values.mrz` and its parts."""


class MrzError(ValueError):
    """A machine readable zone cannot be read or written as it stands. Faces show the sentence.

    ``code`` is one of ``length`` (not the lines of any document), ``character`` (one that cannot
    stand there), ``check`` (a check digit does not fit), ``date`` (no such day), ``names``,
    ``letters`` (a name cannot be put into A to Z), ``number`` or ``field`` (too long to write).
    ``line`` and ``position`` count from 1 as on the document; ``suggestion`` is the character
    that would make it right if the one at that place was misread, and only ever a suggestion.
    Neither the sentence nor the attributes hold a name or a whole number.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        line: int | None = None,
        position: int | None = None,
        *,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.line = line
        self.position = position
        self.suggestion = suggestion
