"""A PostgreSQL of one's own, made for a run and thrown away after it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "waystation"


class NoServerError(Exception):
    """There is no PostgreSQL server on this machine; the words say what to install."""

    def __init__(self) -> None:
        super().__init__(
            "No PostgreSQL server was found. Install Debian's package postgresql "
            "(sudo apt-get install postgresql); it need not be started."
        )


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("postgres")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


@contextlib.contextmanager
def running(*, durable: bool) -> Iterator[Path]:
    """A cluster that listens on a socket in the folder it gives, and nowhere else. `durable`: it
    flushes its commits to the disk, as one that is used does. Raises `NoServerError`."""
    found = binaries()
    if found is None:
        raise NoServerError
    # In no folder of the caller's: PostgreSQL refuses to run as root, and others may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="waystation-pg-"))
    who: dict[str, Any] = {}
    if sys.platform != "win32" and os.getuid() == 0:
        import pwd

        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - fixed arguments
            [str(found / program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )

    try:
        run("initdb", "-D", str(data), "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -k {folder}"
        if not durable:
            options += " -F -c full_page_writes=off"
        run("pg_ctl", "-D", str(data), "-o", options, "-w", "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def processor_seconds(socket: Path) -> float:
    """Processor time that the cluster's processes took so far; 0 where nobody tells."""
    master = (socket / "data" / "postmaster.pid").read_text("ascii").split("\n", 1)[0]
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            if folder.name == master:
                ticks += sum(map(int, words[11:15]))  # its own, and of those that ended
            elif words[1] == master:
                ticks += sum(map(int, words[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else 0.0


def address(socket: Path, database: str) -> str:
    """The address of a database of such a cluster."""
    return f"postgresql+psycopg://{USER}@/{database}?host={socket}"


def execute(socket: Path, *statements: str, database: str = "postgres") -> None:
    """Run statements, each by itself."""
    engine = create_engine(
        address(socket, database), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def new_database(socket: Path, name: str) -> str:
    """Make an empty database; returns its address."""
    execute(socket, f"CREATE DATABASE {name} TEMPLATE template0")
    return address(socket, name)
