"""Makes the stores in this folder, with the program of the version that they are of.

    git worktree add --detach /elsewhere COMMIT
    PYTHONPATH=/elsewhere python tests/vectors/stores/make.py VERSION OUT

Run with an earlier program on the path: it uses nothing that later ones changed. Invented people,
slots that cost nothing. What the store holds is written down beside it, for the test to compare.
"""

from __future__ import annotations

import json
import shutil
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

from station.receive import receive
from tests.places import START, families, found
from workspace import care


def main(version: str, out: Path) -> None:
    """Write VERSION.tar.gz and VERSION.json into a folder."""
    place = out / f"making-{version}"
    shutil.rmtree(place, ignore_errors=True)
    site = found(place)
    site.take_in(families(2))
    site.approve()
    imported = site.admit(site.send())
    with site.at_station("supervisor") as session:
        receive(session, imported.notice)
    site.take_in(families(1, first=7), name="unsent.csv")
    told = {"version": version, "start": (START + timedelta(days=1)).isoformat()}
    for name, opening in (("station", site.at_station), ("registry", site.at_registry)):
        with opening("officer" if name == "station" else "registrar") as session:
            checked = care.check(session)
            assert checked.problems == (), checked.problems
            with session.store.read() as reader:
                told[name] = {
                    "office": str(session.office.id),
                    "entries": checked.entries,
                    "hashes": sorted(
                        entry.hash.hex()
                        for head in reader.chains()
                        for entry in reader.chain(head.office, head.epoch)
                    ),
                    "people": sorted(
                        [str(one.id), one.number or "", str(one.values.get("name"))]
                        for one in reader.views("person")
                    ),
                    "households": sorted(str(one.id) for one in reader.views("household")),
                }
    with tarfile.open(out / f"{version}.tar.gz", "w:gz") as tar:
        for part in ("station", "registry", "state"):
            for path in sorted((place / part).rglob("*")):
                if path.is_file() and path.name not in {"lock", "reserve"}:
                    tar.add(path, arcname=str(path.relative_to(place)))
    (out / f"{version}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
