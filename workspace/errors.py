"""What an office answers when it will not, or cannot, do what was asked."""


class OfficeError(Exception):
    """The root of what offices raise; faces show `sentence` and leave the work as it was.

    `code` is stable, for programs. `sentence` is English, says what to do, and names no person.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class RefusedError(OfficeError):
    """The input or the state does not allow it. The person asking can mend it."""


class NotAllowedError(OfficeError):
    """The user's role does not include this. Another user of the office can do it."""

    def __init__(self, role: str, needed: str) -> None:
        super().__init__(
            "not_allowed",
            f"The role {role} may not do this. Ask somebody who may: {needed}.",
        )


class NotEnrolledError(OfficeError):
    """The station has no grant yet, so nothing that it signed could be trusted."""

    def __init__(self) -> None:
        super().__init__(
            "not_enrolled",
            "This station has no grant yet. Take its request to the registry, "
            "then open the grant that comes back.",
        )
