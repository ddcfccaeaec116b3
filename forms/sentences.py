"""The sentences for problems: English source strings, whole, with named placeholders.

A sentence says what to do. ``ROW`` holds those that a list's writer reads, where the officer at
the table would be told something else.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ROW", "TABLE", "UNSAID"]


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a source string for extraction; it is translated where it is said."""
    return message


UNSAID = N_("Look yourself whether this is so; it could not be worked out: {rule}")
"""Of a form's rule about answers for which it cannot be said whether it speaks."""

TABLE: Mapping[str, str] = {
    # the household
    "no_members": N_("Add the head of the household."),
    "no_head": N_("Choose who is the head of the household."),
    "second_head": N_("The household has a head already. Choose another relation."),
    "no_contact": N_("Enter a telephone number for the family, or say why there is none."),
    # any answer
    "answer_needed": N_("Enter an answer. This question cannot be left unknown."),
    "unreadable_answer": N_("Enter this answer again."),
    "unknown_code": N_("Choose an answer from the list."),
    "too_long": N_("Shorten the text to {limit} characters."),
    "control_character": N_("Type the text again. It holds characters that cannot be shown."),
    "too_many_marks": N_("Type the text again. Far too many marks stand on one letter."),
    # names
    "name_without_letters": N_("Enter the name in letters."),
    "markup": N_("Check the name. It holds signs that do not belong to a name."),
    "zawgyi": N_(
        "Compare the text with the person. It was typed for a Zawgyi font and was converted to "
        "Unicode."
    ),
    "name_placeholder": N_(
        "Write the name the person goes by, or leave it empty. This says that there is none."
    ),
    "name_holds_placeholder": N_(
        "Write only the names the person has; one is enough. A part of this stands for a missing "
        "name."
    ),
    "not_latin": N_("Write this name in Latin letters, or leave it empty."),
    "mixed_scripts": N_("Check the name. One word mixes letters of two alphabets."),
    "piled_marks": N_("Check the name. Far too many marks stand on one letter."),
    "invisible_signs": N_("Type the name again. It holds signs that nobody can see."),
    "mis_decoded": N_("Type the text again. It was damaged when it was copied."),
    "lost_characters": N_("Type the text again. Some of its letters were lost."),
    # dates
    "date_form": N_(
        "Enter the date as 1987-05-03, 1987-05, 1987, 1985~ (about), 198X (decade) or age:34."
    ),
    "no_such_day": N_("Enter a day that exists. This month has fewer days in this calendar."),
    "no_such_month": N_("Enter a month that exists in this calendar."),
    "date_future": N_("Enter a date that is not in the future, or choose another calendar."),
    "age_impossible": N_("Enter an age of at most 120 years, or choose another calendar."),
    "time_form": N_("Enter the time as 07:30 or 19:30."),
    # numbers, and what is answered several times
    "number_form": N_("Enter a whole number, in digits."),
    "number_small": N_("Enter a number of {least} or more."),
    "number_large": N_("Enter a number of {most} or less."),
    "too_many_rows": N_("Take rows out. There is room for {most}."),
    "too_few_rows": N_("Add a row. At least {least} are needed."),
    "person_twice": N_("Check who is named. One person stands here in two parts."),
    "person_in_both": N_("Choose somebody else here. Nobody can have both of these parts."),
    "two_heads": N_("That household has a head. Choose the relation to that person."),
    "no_household": N_(
        "Choose a registered parent who belongs to a household. The child joins that household."
    ),
    "head_leaves": N_("Say who becomes head of the household, and choose that person next."),
    # telephone and documents
    "phone_form": N_("Write the telephone number with + and the country code."),
    "document_type_missing": N_("Choose the kind of document."),
    "document_without_number": N_("Enter the number of the document, or say why there is none."),
    "number_without_document": N_("Choose the kind of document that has this number."),
    "document_twice": N_("Compare with member {other}. Both have the same document number."),
    "paper_characters": N_(
        "The number holds a sign that numbers of papers do not have; compare it with the paper."
    ),
    "paper_short": N_("The number is very short; compare it with the paper."),
    "paper_long": N_("The number is very long; compare it with the paper."),
    "paper_no_digits": N_(
        "There is no digit in the number; compare it with the paper, or leave it empty."
    ),
    "paper_repeated": N_(
        "The number repeats one sign; compare it with the paper, or leave it empty."
    ),
    "paper_is_date": N_("This is a date; enter the number of the paper."),
    "paper_is_phone": N_("This is a telephone number; enter the number of the paper."),
    "paper_form": N_(
        "Identity cards of this country have numbers of another length or form; compare it with "
        "the paper."
    ),
    "paper_check_digit": N_(
        "The check digit of the number does not fit; compare every digit with the paper."
    ),
    # consent
    "consent_unanswered": N_("Ask the open questions about the use of the data: {count} left."),
    "consent_refused": N_(
        "Do not register this person. Without consent to registration, take the member out."
    ),
    "share_after_persecution": N_(
        "Choose No. Data of people who fled persecution are not shared with that country."
    ),
    # what does not fit together
    "spouse_under_18": N_(
        "This husband or wife may be under 18 (age {age}). Check the birth, and tell the "
        "protection officer."
    ),
    "head_under_18": N_(
        "The head of the household is under 18. Check the birth, and say whether the child is "
        "with its parents or usual carer."
    ),
    "head_married_under_18": N_(
        "The head of the household is under 18 and married. Check the birth, and tell the "
        "protection officer."
    ),
    "child_without_parents": N_(
        "Say whether this child is with its parents or usual carer, or choose the need that fits."
    ),
    "older_than_parent": N_("Check the births. This child is older than member {other}."),
    "too_close_to_parent": N_(
        "Check the births. Fewer than {years} years lie between this person and member {other}."
    ),
    "parent_younger": N_("Check the births. This parent is younger than member {other}."),
    "parent_too_close": N_(
        "Check the births. Fewer than {years} years lie between this person and member {other}."
    ),
    "possible_repeat": N_("Check whether this is the same person as member {other}."),
    "arrival_before_birth": N_("Check the dates. The arrival lies before the birth."),
    "hazard_without_cause": N_("Choose a disaster as the cause, or take out the hazard."),
    "relation_against_sex": N_("Check the relation and the sex. They do not fit together."),
    "minor_is_adult": N_("Check the birth. This child is 18 or older."),
    "need_contradicts": N_("Check the need {need}. It does not fit the age, sex or relation."),
    "need_reserved": N_("Take out this need. It is recorded by protection staff only."),
}
"""Problem code to sentence, as the officer at the table reads it."""

ROW: Mapping[str, str] = {
    # cannot be read
    "broken_quotes": N_("Close the quotation marks in this row, then take it in again."),
    "column_count": N_(
        "Give the row {expected} cells; it has {found}. Look for a comma too few or too many."
    ),
    "bad_bytes": N_("Type the damaged words again and save the list as CSV UTF-8."),
    "control_character": N_(
        "Type the cell {column} again. It holds characters that cannot be shown."
    ),
    "cell_too_long": N_(
        "Shorten the cell {column}. No cell may have more than {limit} characters."
    ),
    "empty_row": N_("Take out this row. It is empty."),
    # the household
    "household_missing": N_("Write the number of the household."),
    "relation_missing": N_("Write the relation to the head of the household."),
    # Never with the household's cell: it is free text, and some write the family's name there.
    "no_head": N_("Write who is the head of this household. It has none."),
    "second_head": N_("Write another relation. This household has a head already."),
    "head_refused": N_(
        "Mend the row of this household's head first, then take in the whole household."
    ),
    "at_registry": N_(
        "The record of this family was left to the registry, so nothing can be compared with it "
        "here. Register new members by interview, with a note of the household's number."
    ),
    "other_family": N_(
        "Take this list in under another series (--series NAME). In this one, the household "
        "number belongs to another family, which is registered."
    ),
    "head_changed": N_(
        "Take this row out, and mend the record itself. The head of this household is registered "
        "already, by a row that said something else."
    ),
    "joins_form": N_("Write the number of the registered household in joins, or leave it empty."),
    "joins_unknown": N_("Check the number in joins. No household of this station has it."),
    # names, codes and dates
    "name_missing": N_("Write the name. Only a child under 1 year may have none."),
    "name_without_letters": N_("Write the name in letters."),
    "name_too_long": N_("Shorten the cell {column} to {limit} characters."),
    "unknown_code": N_("Write a code from the list of codes in {column}; {value} is not one."),
    "unknown_code_of": N_("Write one of {codes} in {column}; {value} is not one."),
    "date_form": N_(
        "Write {column} as 1987-05-03, 1987-05, 1987, 1985~ or 198X, or a birth as age:34."
    ),
    "no_such_day": N_("Write a day that exists in {column}; {value} does not."),
    "no_such_month": N_("Write a month that exists in {column}; {value} does not."),
    "date_future": N_("Write a date in {column} that is not in the future; {value} is."),
    "age_impossible": N_("Write a birth of at most 120 years ago; {value} is not."),
    "digits_lost": N_(
        "Make the column {column} of the sheet a column of text, and write the number again. The "
        "sheet took it for an amount and did not keep all of its digits."
    ),
    # flags
    "phone_form": N_("Ask for the telephone number with + and the country code."),
    "document_without_number": N_("Ask for the document. Its number is missing."),
    "number_without_document": N_("Ask for the document. The number has no kind of document."),
    "document_twice": N_(
        "Compare with line {line} of the sheet. Both have the same document number."
    ),
    "share_after_persecution": N_(
        "Ask again whether the country of origin may see the data. It is kept as no until then."
    ),
    "spouse_under_18": N_("Protection concern: this husband or wife may be under 18 (age {age})."),
    "head_under_18": N_("Protection concern: the head of the household is under 18."),
    "head_married_under_18": N_(
        "Protection concern: the head of the household is under 18 and married."
    ),
    "child_without_parents": N_(
        "Protection concern: a child lives here without parents, and no need says so."
    ),
    "older_than_parent": N_(
        "Check the births. This person is older than the parent in line {line} of the sheet."
    ),
    "too_close_to_parent": N_(
        "Check the births. Fewer than {years} years lie between this person and the one in line "
        "{line} of the sheet."
    ),
    "parent_younger": N_(
        "Check the births. This parent is younger than the child in line {line} of the sheet."
    ),
    "parent_too_close": N_(
        "Check the births. Fewer than {years} years lie between this person and the one in line "
        "{line} of the sheet."
    ),
    "possible_repeat": N_("Check whether this is the same person as in line {line} of the sheet."),
    "possible_repeat_registered": N_(
        "Check whether this is the same person as {number}, who is registered already."
    ),
    "hazard_without_cause": N_("Check the cause. A hazard is given without a disaster."),
    "need_contradicts": N_("Check the need {need}. It does not fit the age, sex or relation."),
    "formula": N_("Check the cell {column}. It begins like a spreadsheet formula."),
    "bidi_controls": N_("Check the cell {column}. Invisible direction marks were taken out."),
    "line_break": N_("Check the cell {column}. It held a line break."),
    "markup": N_("Check the cell {column}. It holds signs that do not belong to a name."),
    "not_latin": N_("Check the cell {column}. It is not in Latin letters."),
    "mixed_scripts": N_("Check the cell {column}. One word mixes letters of two alphabets."),
    "piled_marks": N_("Check the cell {column}. Far too many marks stand on one letter."),
    "invisible_signs": N_("Check the cell {column}. It holds signs that nobody can see."),
    "mis_decoded": N_("Check the cell {column}. It was damaged when it was copied."),
    "lost_characters": N_("Check the cell {column}. Some of its letters were lost."),
}
"""Problem code to sentence, as the writer of a list, or the officer who looks at a flag, reads
it. What is not here is said as at the table. With ``_registered`` at its end: when the other
person stands in no list, but is registered and has a number."""
