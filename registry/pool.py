"""Several bundles at once: one worker for each station's chain, each a process of its own.

A chain is serial, so a station's bundles are taken in the order in which they are handed in;
bundles of different stations are taken beside each other where the store allows it (PostgreSQL). On
an encrypted file, which has one writer, they are taken one after the other.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from db.errors import ConnectionLostError, DbError, StoreFullError
from db.slots import UserKeys
from registry.admit import Imported, import_bundle
from sync.errors import BadOutcome
from sync.folder import Drive
from sync.gather import read_signed
from sync.verify import parse_signed
from values.secret import Secret
from workspace.errors import OfficeError, RefusedError
from workspace.opening import join
from workspace.rights import Right, require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from workspace.session import Session

log = logging.getLogger(__name__)

WORKERS = 2

PASSING = {one.code: one for one in (ConnectionLostError, StoreFullError)}
"""What says nothing about the bundle: whoever handed it in is told so."""

SERVER = "postgresql"


class WorkerLostError(OfficeError):
    """A process that took a bundle in is gone; the bundle goes on where it was when it is handed in
    again."""

    def __init__(self) -> None:
        super().__init__(
            "worker_lost",
            "The import was cut off. Import the bundle again: it goes on where it was.",
        )


@dataclass(frozen=True, slots=True)
class _Job:
    station: bytes
    bundle: Path
    notice_parent: Path | None
    future: Future[Imported]


class ImportPool:
    """Workers that take bundles in. The session is the pool's until it is closed."""

    def __init__(self, session: Session, *, workers: int | None = None) -> None:
        """`workers` are as many as there are cores, and two at most, unless told."""
        require(session, Right.IMPORT)
        self._session = session
        beside = session.store.engine == SERVER
        wanted = min(WORKERS, os.cpu_count() or 1) if workers is None else workers
        self._ready: SimpleQueue[_Job | None] = SimpleQueue()
        self._waiting: dict[bytes, deque[_Job]] = {}
        self._lock = threading.Condition()
        count = self.workers = wanted if beside else 1
        run = self._feed if beside and count > 1 else self._take_here
        self._threads = [threading.Thread(target=run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(self, bundle: Path, *, notice_parent: Path | None = None) -> Future[Imported]:
        """Hand a bundle in. The future gives what came of it, or what `import_bundle` raises."""
        job = _Job(_signer(bundle), bundle, notice_parent, Future())
        with self._lock:
            if job.station in self._waiting:
                self._waiting[job.station].append(job)
            else:
                self._waiting[job.station] = deque()
                self._ready.put(job)
        return job.future

    def close(self) -> None:
        """Wait for what was handed in, and end the workers."""
        with self._lock:
            self._lock.wait_for(lambda: not self._waiting)
        for _ in self._threads:
            self._ready.put(None)
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next(self) -> _Job | None:
        return self._ready.get()

    def _done(self, job: _Job) -> None:
        """The station's next bundle may go."""
        with self._lock:
            rest = self._waiting[job.station]
            if rest:
                self._ready.put(rest.popleft())
            else:
                del self._waiting[job.station]
                self._lock.notify_all()

    def _take_here(self) -> None:
        while (job := self._next()) is not None:
            try:
                done = import_bundle(self._session, job.bundle, notice_parent=job.notice_parent)
            except BaseException as error:
                _settle(job.future, error=error)
            else:
                _settle(job.future, done=done)
            self._done(job)

    def _feed(self) -> None:
        """One worker's side here: hands it a bundle, waits for the answer."""
        worker: _Worker | None = None
        while (job := self._next()) is not None:
            try:
                worker = worker or _Worker(self._session)
                _settle(job.future, done=worker.take(job))
            except (EOFError, OSError):
                worker = None
                _settle(job.future, error=WorkerLostError())
            except BaseException as error:
                _settle(job.future, error=error)
            with self._lock:
                self._keep_mark()
            self._done(job)
        if worker is not None:
            worker.end()

    def _keep_mark(self) -> None:
        """The workers wrote into the registry's chain; this machine's mark is kept here alone."""
        session = self._session
        with session.store.read() as reader:
            head = reader.head(session.office.id, session.epoch)
        if head is not None:
            session.committed(head)


def import_many(
    session: Session,
    bundles: Iterable[Path],
    *,
    notice_parent: Path | None = None,
    workers: int | None = None,
) -> list[Imported | Exception]:
    """Take bundles in, those of different stations beside each other where the store allows it.

    What came of each, in the order given: a bundle that is refused stands for itself.
    """
    with ImportPool(session, workers=workers) as pool:
        futures = [pool.submit(one, notice_parent=notice_parent) for one in bundles]
    found: list[Imported | Exception] = []
    for future in futures:
        error = future.exception()
        if error is None:
            found.append(future.result())
        elif isinstance(error, Exception):
            found.append(error)
        else:
            raise error
    return found


def _settle(
    future: Future[Imported],
    *,
    done: Imported | None = None,
    error: BaseException | None = None,
) -> None:
    if error is not None:
        future.set_exception(error)
    elif done is not None:
        future.set_result(done)


def _signer(bundle: Path) -> bytes:
    """Whose bundle it says that it is, to keep each station's in order. Importing looks at it; one
    that cannot be read is nobody's."""
    message = read_signed(bundle, Drive())
    if isinstance(message, BadOutcome):
        return str(bundle).encode()
    signed = parse_signed(message)
    return str(bundle).encode() if isinstance(signed, BadOutcome) else signed.signer


class _Worker:
    """A process with a session of its own, joined to this program's."""

    def __init__(self, session: Session) -> None:
        # Spawned: a fork would share connections. It is told its keys through a pipe that nobody
        # else holds, and keeps none of them anywhere.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        keys = session.keys
        self._pipe.send(
            (
                session.folder,
                session.user,
                session.lent,
                session.env,
                {
                    "data": keys.data_key.reveal(),
                    "signing": keys.signing_key.reveal(),
                    "vault": keys.vault_key.reveal() if keys.vault_key else None,
                },
            )
        )

    def take(self, job: _Job) -> Imported:
        """Raises what importing raised; EOFError when the process is gone."""
        self._pipe.send((job.bundle, job.notice_parent))
        answer = self._pipe.recv()
        if isinstance(answer, Imported):
            return answer
        refused, code, sentence = answer
        if code in PASSING:
            raise PASSING[code](sentence)
        raise RefusedError(code, sentence) if refused else OfficeError(code, sentence)

    def end(self) -> None:
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection[Any, Any]) -> None:
    """The life of a worker's process."""
    folder, user, lent, env, keys = pipe.recv()
    own = UserKeys(
        Secret(keys["data"]),
        Secret(keys["signing"]),
        Secret(keys["vault"]) if keys["vault"] else None,
    )

    def open_() -> Session:
        session = join(folder, user, own, env=env)
        session.lent = lent
        return session

    _serve(pipe, open_)


def _serve(pipe: Connection[Any, Any], open_: Callable[[], Session]) -> None:
    session: Session | None = None
    try:
        while (asked := pipe.recv()) is not None:
            bundle, parent = asked
            try:
                session = session or open_()
                # The workers themselves are what runs beside each other here.
                done = import_bundle(session, bundle, notice_parent=parent, checkers=1)
            except Exception as error:  # whatever it is, the importing process is told it
                pipe.send(_told(error))
            else:
                pipe.send(done)
    except EOFError:
        pass  # whoever asked is gone; what is committed is committed
    finally:
        if session is not None:
            session.close()


def _told(error: Exception) -> tuple[bool, str, str]:
    """An error as words: whether the bundle was refused, its code and sentence. Nothing else of it
    leaves the process; a fault of ours is logged where it happened."""
    if isinstance(error, OfficeError | DbError):
        return isinstance(error, RefusedError), str(error.code), error.sentence
    log.exception("an import failed")
    return (
        False,
        "import",
        f"The import failed with a fault of the program ({type(error).__name__}).",
    )
