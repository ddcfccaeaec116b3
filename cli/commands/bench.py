"""`waystation bench`: the project's benchmarks, each beside its baseline."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.opening import FOLDER, progress_bar
from cli.running import Answer, answering
from workspace.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.camp import Camp
    from benchmarks.figures import Figures

NAMES = {
    "save": "a household of four with photos into the full store",
    "search": "a person by name in the full store",
    "page": "a provisional document, signed and drawn",
    "documents": "five hundred documents of different people with photographs",
    "uploads": "fifty stations that upload to the registry's service at once",
    "bundle": "a bundle out, and read with every signature checked",
    "import": "a bundle out, and in at the registry",
    "import-postgres": "what two stations send, into a registry on PostgreSQL",
    "start": "from process start to the painted unlock window",
    "memory": "the desktop with the full store",
    "gaps": "how long the window could not answer",
    "forms": "the longest form: opened, a key, a page turned, a place found",
    "keys": "key-presses of a family of five in a mass arrival",
}


PERSONS = 100_000


@click.command()
@click.argument("name", required=False)
@click.option("--list", "list_", is_flag=True, help="The benchmarks there are.")
@click.option(
    "--persons",
    type=click.IntRange(400),
    help="How many people; 100,000 unless said (import-postgres: 10,000).",
)
@click.option(
    "--photo-size", type=click.IntRange(0, 60_000), default=0, help="Of `bundle`: bytes of a photo."
)
@click.option("--folder", type=FOLDER, help="Keep the camp here for the next run.")
@answering
def bench(
    name: str | None, list_: bool, persons: int | None, photo_size: int, folder: Path | None
) -> Answer:
    """Run the benchmark NAME, or `all`."""
    if list_:
        return Answer(benchmarks=NAMES).say(*(f"{one:16} {what}" for one, what in NAMES.items()))
    if name is None:
        raise click.UsageError("Name a benchmark, or `all`; --list shows them.")
    if name != "all" and name not in NAMES:
        raise click.UsageError(f"There is no benchmark {name!r}. Choose: {', '.join(NAMES)}, all.")
    if folder is not None:
        return _run(name, persons, folder, photo_size)
    with tempfile.TemporaryDirectory(prefix="waystation-bench-") as scratch:
        return _run(name, persons, Path(scratch), photo_size)


def _run(name: str, wanted: int | None, folder: Path, photo_size: int) -> Answer:
    from benchmarks import bundles, timing, window
    from benchmarks.camp import camp
    from benchmarks.papers import documents

    if name in {"documents", "uploads"}:  # they need no camp
        alone = documents() if name == "documents" else _uploads(folder)
        return Answer(**alone.values).say(f"{name}:", *(f"  {line}" for line in alone.lines))
    if name == "import-postgres":
        return _importing(wanted, folder)
    persons = wanted or PERSONS
    functions: dict[str, Callable[[Camp], Figures]] = {
        "save": timing.save,
        "search": timing.find,
        "page": timing.page,
        "documents": lambda place: documents(),
        "uploads": lambda place: _uploads(place.folder),
        "bundle": partial(bundles.bundle, photo_size=photo_size),
        "import": timing.bundle,
        "start": window.start,
        "memory": window.memory,
        "gaps": window.gaps,
        "forms": window.forms,
        "keys": window.presses,
    }
    with progress_bar("Filling the camp") as progress:
        place = camp(folder, persons=persons, progress=progress)
    chosen = list(functions) if name == "all" else [name]
    lines: list[str] = []
    found: dict[str, object] = {}
    for one in chosen:
        figures = functions[one](place)
        found[one] = figures.values
        lines += [f"{one}:", *(f"  {line}" for line in figures.lines)]
    values = found[chosen[0]] if name != "all" else found
    return Answer(persons=persons, **values).say(*lines)  # type: ignore[arg-type]  # a dict of figures


def _uploads(folder: Path) -> Figures:
    """In a folder of its own, which does not stay."""
    from benchmarks.uploads import uploads

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="uploads-", dir=folder) as scratch:
        return uploads(Path(scratch))


def _importing(persons: int | None, folder: Path) -> Answer:
    from benchmarks import import_postgres
    from benchmarks.cluster import NoServerError

    try:
        with progress_bar("Filling two stations") as progress:
            figures = import_postgres.measure(
                folder, persons=persons or import_postgres.PERSONS, progress=progress
            )
    except NoServerError as error:
        raise RefusedError("no_server", str(error)) from None
    lines = ["import-postgres:", *(f"  {line}" for line in figures.lines)]
    return Answer(**figures.values).say(*lines)
