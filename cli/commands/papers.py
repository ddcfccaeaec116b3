"""`waystation print`, `verify`, `trust export`, `verifier`."""

from __future__ import annotations

import errno
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.printing_words import require_sense, why
from cli.moments import moment
from cli.opening import FILE, FOLDER, as_user, folder, opened, progress_bar
from cli.running import Answer, answering, counted, quiet
from cli.shown import shown
from values.clock import SystemClock, rfc3339
from workspace.errors import RefusedError
from workspace.files import read_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from documents.verdict import Verification
    from documents.verifier_page import VerifierPage
    from station.batch import Printed
    from station.issuing import IssuedDocument, Skipped
    from station.life import Handed
    from workspace.session import Session

SHEETS = ("one", "both", "cards", "cards-both")
collector = click.option("--collector", metavar="NAME", help="Who fetches it, if not the holder.")
proof = click.option("--proof", default="", help="What the collector showed.")
SAID = "One side; both sides; cards on A4 with cut marks; cards with backs."
PLAIN_TEXT = "The PDF is plain text. Keep it safe, and delete it once it is printed."


sheets_option = click.option(
    "--sheets", type=click.Choice(SHEETS), default="one", show_default=True, help=SAID
)
NAMED = 12
"""Copies and replacements that are named one by one; of more, how many they are."""


@click.command("print")
@folder
@click.option("--all", "everyone", is_flag=True, help="Every household and person.")
@click.option("--unprinted", is_flag=True, help="With --all: only those without a document.")
@click.option("--once", is_flag=True, help="Without what was printed today already.")
@click.option("--most", type=click.IntRange(1), help="With --all: at most so many documents.")
@click.option("--shelter-number", "place", metavar="TEXT", help="With --all: it begins so.")
@click.option(
    "--household", "households", multiple=True, metavar="NUMBER", help="With --all: only these."
)
@click.option("--person", metavar="NUMBER")
@click.option(
    "--document",
    "type_",
    metavar="TYPE",
    help="registration, household, birth, death, marriage, loss, transfer, acknowledgement, "
    "appointment, consent, referral, blank, or one of the operation's own.",
)
@click.option("--paper", default="", metavar="SIZE", help="a4, letter, a5 or card.")
@click.option("--serial", default="", metavar="NUMBER", help="The sheet's, of pre-numbered paper.")
@click.option("--say", "said", multiple=True, metavar="NAME=TEXT", help="What a slip asks for.")
@click.option("--count", type=click.IntRange(1), help="How many, with --document blank.")
@click.option("--language", metavar="LANG", help="Of all (each holder's own).")
@click.option("--out", required=True, type=FILE)
@click.option(
    "--reason",
    "code",
    default="",
    help="Why it is printed again: damaged, unreadable, jam or again; lost or stolen, and it gets "
    "another number.",
)
@click.option("--words", default="", help="In your own words.")
@collector
@proof
@sheets_option
@click.option("--clock-is-right", is_flag=True, help="Confirm a clock that is in doubt.")
@as_user
@answering
def print_(
    folder: Path,
    everyone: bool,
    unprinted: bool,
    once: bool,
    most: int | None,
    place: str | None,
    households: tuple[str, ...],
    person: str | None,
    type_: str | None,
    paper: str,
    serial: str,
    said: tuple[str, ...],
    count: int | None,
    language: str | None,
    out: Path,
    code: str,
    words: str,
    collector: str | None,
    proof: str,
    sheets: str,
    clock_is_right: bool,
    user: str | None,
) -> Answer:
    """Provisional documents in one PDF."""
    given = {
        "--unprinted": unprinted, "--once": once, "--most": most, "--shelter-number": place,
        "--household": households, "--serial": serial, "--say": said, "--count": count,
        "--reason": code, "--words": words, "--collector": collector is not None,
        "--proof": proof, "--sheets": sheets != "one", "--paper": paper, "--language": language,
    }  # fmt: skip
    blank = type_ == "blank"
    require_sense(given, blank=blank, one=person is not None, everyone=everyone)
    if blank:
        return _blank(folder, user, count or 1, language or "en", paper, out)
    code, said_why = why(code)
    handed = handed_of(code, collector, proof) if code or collector is not None else None
    if person is None and handed is not None and handed.gone:
        raise click.UsageError("A paper that is lost or stolen belongs to one --person.")
    from station import batch, printing
    from station.life import JUST_PRINTED
    from workspace.clocks import confirm_clock

    with printing_into(folder, user) as (session, progress):
        if clock_is_right:
            confirm_clock(session)
        if person is not None:
            kind, asked = type_ or "registration", _named(said)
            found = [printing.target_of(session, person, kind, said=asked)]
        else:
            which = batch.Which(
                type=type_ or "", place=place or "", households=households, unprinted=unprinted
            )
            found = batch.targets(session, which)[:most]
            if not found and unprinted and batch.targets(session, replace(which, unprinted=False)):
                raise RefusedError("all_printed", "Everybody asked for has a document already.")
        printed = batch.print_all(
            session,
            [replace(one, paper=paper, serial=serial) for one in found],
            language=language,
            reason=words or said_why,
            handed=handed or JUST_PRINTED,
            once=once,
            sheets=sheets,
            out=out,
            progress=progress,
        )
    return answer_of(out, printed)


@contextmanager
def printing_into(
    folder: Path, user: str | None
) -> Iterator[tuple[Session, Callable[[int, int], None]]]:
    """A station that is opened to print, and what shows how far it is."""
    with opened(folder, user, needs="station") as session, progress_bar("Printing") as progress:
        yield session, progress


def answer_of(out: Path, printed: Printed) -> Answer:
    """What a run made. Nothing at all is refused, with the reason of the first."""
    if not printed.documents:
        why = printed.skipped[0] if printed.skipped else None
        raise RefusedError(
            why.code if why else "nothing_to_print",
            why.sentence if why else "There is nobody to print for yet.",
        )
    if quiet():
        click.echo(PLAIN_TEXT, err=True)
    # Empty backs are no pages; of cards, several share one.
    pages, skipped = min(sum(printed.pages), printed.sheets), printed.skipped
    left_out = [f"Left out: {_which(one)}. {one.sentence}" for one in skipped]
    if printed.again:
        left_out.append(
            f"{counted(printed.again, 'document')} came out today before, and each is counted as "
            "printed again. --once leaves them out."
        )
    answer = Answer(
        file=str(out),
        pages=pages,
        again=printed.again,
        documents=[
            {
                "number": one.number,
                "person": one.person,
                "type": one.type,
                "copy": one.copy,
                "replaces": one.replaces,
            }
            for one in printed.documents
        ],
        skipped=[
            {
                "person": one.person,
                "type": one.type,
                "code": one.code,
                "message": one.sentence,
            }
            for one in skipped
        ],
    ).say(
        f"{counted(pages, 'page')}: {out}",
        *_became(printed.documents),
        PLAIN_TEXT,
        *filter(None, [printed.note]),
        *left_out,
    )
    return answer.say(printed.fault).refused() if printed.fault else answer


def _which(one: Skipped) -> str:
    """What was left out; of a paper to be printed again only its number is known."""
    return f"{one.type} of {one.person}" if one.type else one.person


def _became(documents: Sequence[IssuedDocument]) -> list[str]:
    """What is a copy, and what was withdrawn for something new."""
    copies = [one for one in documents if one.copy > 1]
    new = [one for one in documents if one.replaces]
    if len(copies) + len(new) > NAMED:
        return [
            f"Copies of documents that stand: {len(copies)}. New ones in place of others, which "
            f"are withdrawn: {len(new)}."
        ]
    return [
        *(f"{one.number}: copy {one.copy}." for one in copies),
        *(f"{one.number} replaces {one.replaces}, which is withdrawn." for one in new),
    ]


def handed_of(code: str, name: str | None, proof: str) -> Handed:
    """A reason by its code, and who fetches the paper."""
    from station.life import HOLDER, OTHER, Collector, Handed

    who = Collector(OTHER, name, proof) if name is not None else Collector(HOLDER)
    return Handed(code=code, collector=who)


def _named(said: tuple[str, ...]) -> dict[str, str]:
    """What `--say` says, by name."""
    found = {}
    for one in said:
        name, sign, text = one.partition("=")
        if not sign or not name:
            raise click.BadParameter("Write NAME=TEXT, as in --say day=...", param_hint="--say")
        found[name] = text
    return found


def _blank(
    folder: Path, user: str | None, count: int, language: str, paper: str, out: Path
) -> Answer:
    """Sheets to fill in by hand, each with a number of its own."""
    from station import languages, printing

    with printing_into(folder, user) as (session, progress):
        note = languages.instead(session, language)
        _, numbers = printing.blank_sheets(
            session, count, language=language, paper=paper, out=out, progress=progress
        )
    return Answer(file=str(out), pages=count, numbers=list(numbers)).say(
        f"{counted(count, 'sheet')}: {out}", *filter(None, [note])
    )


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--text", "text", metavar="QR", help="A QR code's text (- reads standard input).")
@click.option("--trust", required=True, type=FILE, help="A signed trust list, or a key set.")
@click.option("--root", metavar="FINGERPRINT", help="Trust only this root.")
@click.option("--at", metavar="TIME", help="Judge as of this time (now).")
@click.option("--language", default="en", show_default=True, metavar="LANG", help="Of the facts.")
@answering
def verify(
    file: Path | None,
    text: str | None,
    trust: Path,
    root: str | None,
    at: str | None,
    language: str,
) -> Answer:
    """Check a document offline: a PDF, a picture, or a QR code's text."""
    if (file is None) == (text is None):
        raise click.UsageError("Give either a FILE or --text QR.")
    from resources.i18n import has_papers

    if not has_papers(language):
        raise click.UsageError(
            f"Papers have no words in {shown(language)}. Write --language as a tag: en, fr, ar, fa."
        )
    from documents.trust import load_trust
    from documents.verdict import Verdict
    from documents.verify import verify_bytes, verify_text

    when = moment(at) if at else SystemClock().now()
    known = load_trust(_read(trust), root=root)
    if file is not None:
        with progress_bar("Looking") as progress:
            found = verify_bytes(_read(file), known, at=when, progress=progress)
    else:
        assert text is not None  # noqa: S101 - one of the two was given
        scanned = _from_input() if text == "-" else text
        found = verify_text(scanned, known, at=when)
    answer = Answer(**found.to_json()).say(*_lines(found, language))
    return answer if found.verdict is Verdict.VALID else answer.refused()


def _from_input() -> str:
    """What a scanner or another program wrote; anything but a code's letters stays unreadable."""
    return sys.stdin.buffer.read(MAX_FILE).decode("utf-8", "replace")


def _lines(found: Verification, language: str) -> list[str]:
    """What a person at a checkpoint reads: code by code the verdict and what to compare, then how
    old the trust is. The facts are told in `language`, as the paper tells them."""
    from documents.told import holder, numbered
    from documents.told import told as tells  # the templates, with the first check
    from documents.verifier_words import VERDICTS

    lines = []
    for result in found.results:
        place = f"page {result.page}: " if result.page is not None else ""
        lines.append(f"{place}{VERDICTS[result.verdict].upper()}. {result.sentence}")
        claims = result.claims.get("169")
        if isinstance(claims, dict):
            facts = [
                *holder(claims, language),
                *tells(result.claims, language),
                *numbered(result.claims, language),
            ]
            lines += [f"    {shown(label)}: {shown(value)}" for label, value in facts]
        lines.append("")
    if found.trust_age_days is None:
        lines.append("Trust: a key set that nothing vouches for.")
    else:
        pinned = "pinned" if found.root_pinned else "not pinned"
        lines.append(f"Trust list: {found.trust_age_days} days old, root {pinned} ({found.root}).")
    if found.revocation == "unknown":
        lines.append("Whether a document was withdrawn is not known from this trust list.")
    return lines


MAX_FILE = 200 * 1024**2
"""No scan of a document is larger; it is read into memory."""


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, limit=MAX_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise RefusedError("too_large", f"{path} is too large to be a document.") from error
        raise RefusedError("file", f"{path} cannot be read. Check the name.") from error


@click.group()
def trust() -> None:
    """What verifiers need."""


@trust.command()
@folder
@click.option("--out", required=True, type=FILE)
@click.option("--jwks", is_flag=True, help="The document keys as a JSON Web Key Set.")
@as_user
@answering
def export(folder: Path, out: Path, jwks: bool, user: str | None) -> Answer:
    """The signed trust list for verifiers."""
    from workspace.folder import kind_of

    with opened(folder, user) as session:
        if kind_of(folder) == "registry":
            from registry.trust import export as write
        else:
            from station.trust import export as write
        keys = write(session, out, jwks=jwks)
    return Answer(keys=keys, file=str(out)).say(f"{counted(keys, 'document key')}: {out}")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER, required=False)
@click.option("--out", required=True, type=FILE)
@click.option("--trust", type=FILE, help="Instead of DIR: a signed trust list, or a key set.")
@click.option("--root", metavar="FINGERPRINT", help="With --trust: only of this root.")
@as_user
@answering
def verifier(
    folder: Path | None, out: Path, trust: Path | None, root: str | None, user: str | None
) -> Answer:
    """One page that checks documents in a browser, without a network."""
    if (folder is None) == (trust is None):
        raise click.UsageError("Give either DIR or --trust FILE.")
    if trust is not None:
        if user is not None:
            raise click.UsageError("--as goes with DIR.")
        from documents.verifier_page import write_page

        page = write_page(_read(trust), root=root)
        write_whole(out, page.html)
    else:
        assert folder is not None  # noqa: S101 - one of the two was given
        if root is not None:
            raise click.UsageError("--root goes with --trust.")
        page = _page_of(folder, out, user)
    return Answer(
        file=str(out),
        keys=page.keys,
        trust_number=page.number,
        trust_date=None if page.issued_at is None else rfc3339(page.issued_at),
        root=page.root,
    ).say(*_about(page, out))


def _page_of(folder: Path, out: Path, user: str | None) -> VerifierPage:
    from workspace.folder import kind_of

    with opened(folder, user) as session:
        if kind_of(folder) == "registry":
            from registry.trust import export_page
        else:
            from station.trust import export_page
        return export_page(session, out)


def _about(page: VerifierPage, out: Path) -> list[str]:
    lines = [f"{counted(page.keys, 'document key')}: {out}"]
    if page.issued_at is None:
        return [*lines, "A key set: nothing vouches for it, and it knows no revocation."]
    return [
        *lines,
        f"Trust list {page.number} of {page.issued_at:%Y-%m-%d}. Write the page again when it is "
        "renewed.",
        f"Root: {page.root}. Make it public, so that verifiers can compare it.",
    ]


@trust.command()
@folder
@click.option("--station", required=True, metavar="CODE", help="Whose key, as A01.")
@click.option("--since", required=True, metavar="TIME", help="Since when it may be in other hands.")
@click.option("--reason", required=True, help="What happened.")
@click.option("--key", "kid", default="", metavar="KID", help="Which, if it has several.")
@click.option("--all-keys", is_flag=True, help="Every key of the station.")
@as_user
@answering
def compromise(
    folder: Path,
    station: str,
    since: str,
    reason: str,
    kid: str,
    all_keys: bool,
    user: str | None,
) -> Answer:
    """Revoke a document key, but for what was issued before it was lost."""
    from registry.keys import compromise as revoke

    if kid and all_keys:
        raise click.UsageError("Give either --key KID or --all-keys.")
    with opened(folder, user, needs="registry") as session:
        done = revoke(
            session,
            station=station,
            since=moment(since),
            reason=reason,
            kid=kid,
            all_keys=all_keys,
        )
    return Answer(
        station=station.upper(),
        keys=list(done.keys),
        active=list(done.active),
        genuine=done.genuine,
    ).say(
        f"Revoked: {', '.join(done.keys)}. {counted(done.genuine, 'document')} issued before "
        "still count.",
        f"Still active: {', '.join(done.active) or 'none'}.",
        "Export the trust list now, and have the station ask for another key: key request.",
    )
