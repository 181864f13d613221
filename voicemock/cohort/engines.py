"""Engines that work through many jobs: Dask on this machine, Dask elsewhere, or a plain loop in this process.

Queue, retries, the workers' life and the moving of results are Dask's. What is set here: a worker has one thread and
is given one job at a time, so a job that kills its worker takes no other along; every job is tried twice; nothing of
this machine's engine can be reached from another, or by another user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from voicemock.analysis.analyze import ANALYSIS_VERSION
from voicemock.coaching.spoken_numbers import counted
from voicemock.errors import EngineError, InputError
from voicemock.models import Failure
from voicemock.settings import LOCALHOST

TRIES: Final = 2
"""How often a recording is begun at most."""
WORKER_GB: Final = 1.0
"""Memory that a worker is counted with: Whisper base and answers of up to ten minutes, measured by
bench/cohort/run.py, with room."""
SPARE_GB: Final = 1.0
"""Memory left to the rest of the machine."""
STARTS_WITHIN_S: Final = 60.0
ANSWERS_WITHIN_S: Final = 10.0
"""How long a scheduler is looked for that runs already, and then for its first worker."""
SCHEMES: Final = ("tcp", "tls", "ws", "wss")
"""What a scheduler may speak."""
GONE_AFTER_S: Final = 300.0
"""Without any worker for this long, the run is given up."""
WORKER_ENDED: Final = "A worker ended, and another is taking its place. Its recordings are tried at most twice."
_SILENT: Final = 100
"""A level of logging that nothing has: what happens is said in our own words."""


class WorkLostError(EngineError):
    """The engine is gone, or has no workers any more; what it has not delivered is still to be done."""


class Engine(Protocol):
    """Works through jobs, in whatever order."""

    def run(
        self, name: str, function: Callable[..., Any], jobs: Mapping[str, tuple[Any, ...]]
    ) -> Iterator[tuple[str, Any]]:
        """Yield the key of each job with what became of it: its result, or a ``Failure``.

        Args:
            name: Of this kind of work.
            function: Is called with the arguments of a job.
            jobs: Arguments, by a key.

        Raises:
            WorkLostError: The engine is gone.
        """


@dataclass(frozen=True, slots=True)
class Size:
    """How many workers fit on this machine, and why."""

    workers: int
    memory_gb: float
    """Most that one worker may take; above it the worker is ended and its job has failed."""
    reason: str


def size_of(cores: int, free_gb: float, wanted: int | None = None, worker_gb: float | None = None) -> Size:
    """Return how many workers fit: one a core, as long as there is memory for them.

    Args:
        cores: That this process may use.
        free_gb: Memory that is free.
        wanted: Takes the place of the count.
        worker_gb: Memory that a worker may take; None means its share of what is free.
    """
    usable_gb = max(0.0, free_gb - SPARE_GB)
    needed_gb = worker_gb or WORKER_GB
    fits = max(1, min(cores, int(usable_gb / needed_gb)))
    workers = wanted or fits
    limit_gb = worker_gb or max(WORKER_GB, usable_gb / workers)
    have = f"{counted(cores, 'core')} and {free_gb:.1f} GB of free memory"
    count = f"{counted(workers, 'worker')} of one thread"
    if wanted:
        return Size(workers, limit_gb, f"{count}, as you said, on {have}.")
    return Size(workers, limit_gb, f"{count}: {have}, {SPARE_GB:g} GB left free, {needed_gb:g} GB a worker.")


class PlainLoop:
    """One job after the other, in this process. A job that ends the process is met again by the next run."""

    def run(
        self,
        name: str,  # noqa: ARG002 - the protocol's
        function: Callable[..., Any],
        jobs: Mapping[str, tuple[Any, ...]],
    ) -> Iterator[tuple[str, Any]]:
        """Yield each key with its result or ``Failure``, in order."""
        for key, arguments in jobs.items():
            yield key, _tried(partial(function, *arguments))


def _tried(job: Callable[[], Any]) -> Any:
    """Return what a job returns, or its failure, when it has failed as often as a job may."""
    for left in reversed(range(TRIES)):
        try:
            return job()
        except Exception as error:  # noqa: BLE001 - one bad file costs itself alone
            if not left:
                return failure_of(error)
    return None


def failure_of(error: BaseException) -> Failure:
    """Return what is kept of an error that nothing else explains."""
    if isinstance(error, OSError):
        return Failure(kind="unreadable", message=f"It cannot be read: {error.strerror or error}.")
    if isinstance(error, EngineError):
        return Failure(kind=error.kind, message=str(error))
    if isinstance(error, MemoryError):
        return Failure(kind="memory", message="There was not enough memory to measure it.")
    return Failure(kind="unexpected", message=f"{type(error).__name__}: {error}")


def killed(tries: int = TRIES) -> Failure:
    """Return what is kept of a recording whose worker died each time."""
    return Failure(
        kind="worker_killed",
        message=f"The worker that measured it ended {tries} times: it crashed, was killed, or took too much memory.",
    )


class DaskEngine:
    """Jobs on the workers of a Dask client.

    Args:
        client: Connected to a scheduler.
        told: Is told in a sentence when a worker has gone.
    """

    def __init__(self, client: Any, told: Callable[[str], None]) -> None:
        self._client = client
        self._told = told
        client.subscribe_topic("all", self._heard)

    @property
    def workers(self) -> int:
        """How many there are right now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    def wait_for_worker(self, address: str) -> None:
        """Wait until there is one.

        Raises:
            EngineError: None comes.
        """
        try:
            self._client.wait_for_workers(1, timeout=ANSWERS_WITHIN_S)
        except TimeoutError as error:
            raise EngineError(
                f"The scheduler at {address} has no workers. Start one there: dask worker {address}"
            ) from error

    def close(self) -> None:
        """Hear of no more workers that go."""
        self._client.unsubscribe_topic("all")

    def everywhere(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """Call a function once on every worker, and return what each returned, by its address."""
        return dict(self._client.run(function, *arguments))

    def run(
        self, name: str, function: Callable[..., Any], jobs: Mapping[str, tuple[Any, ...]]
    ) -> Iterator[tuple[str, Any]]:
        """Yield each key with its result or ``Failure``, as they come."""
        from dask.task_spec import Task
        from distributed import as_completed

        # A data producer waits at the scheduler until a worker is free, however few there are.
        keys = {f"{name}-{key}": key for key in jobs}
        graph = {full: Task(full, function, *jobs[key], _data_producer=True) for full, key in keys.items()}
        futures = self._client.get(graph, list(graph), sync=False, retries=TRIES - 1)
        left = {future.key: future for future in futures}
        del graph, futures
        try:
            for future, result in as_completed(list(left.values()), with_results=True, raise_errors=False):
                yield keys[future.key], _outcome(future.status, result)
                del left[future.key]  # the workers forget the result, too
        finally:
            self._client.cancel(list(left.values()), force=True)

    def _heard(self, event: tuple[float, Any]) -> None:
        _, what = event
        if isinstance(what, dict) and what.get("action") == "remove-worker" and not what.get("expected"):
            self._told(WORKER_ENDED)


def _outcome(status: str, result: Any) -> Any:
    """Return a job's result, or its failure.

    Raises:
        WorkLostError: The job was neither done nor tried, because there is no scheduler or no worker any more.
    """
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker, NoWorkerError

    if status == "finished":
        return result
    error = result[1] if isinstance(result, tuple) and len(result) == 3 else result
    if status != "error" or isinstance(error, FutureCancelledError | NoWorkerError):
        raise WorkLostError("The engine has no workers left. What was measured is saved: run the same command again.")
    return killed() if isinstance(error, KilledWorker) else failure_of(error)


def has_dask() -> bool:
    """Return whether the engine is installed."""
    return find_spec("distributed") is not None


def has_dashboard() -> bool:
    """Return whether what draws the engine's own page is installed."""
    return find_spec("bokeh") is not None


@contextmanager
def local_engine(size: Size, scratch: Path, told: Callable[[str], None]) -> Iterator[tuple[DaskEngine, str | None]]:
    """Yield an engine on this machine, and the address of its page where there is one.

    Everything listens on the loopback address alone, and speaks TLS with a certificate of this run: another user of
    this machine cannot give the workers anything to do.

    Args:
        size: How many workers.
        scratch: A private folder.
        told: Is told what happens.
    """
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(_SETTINGS),
        LocalCluster(
            n_workers=size.workers,
            threads_per_worker=1,
            host=LOCALHOST,
            security=True,
            dashboard_address=f"{LOCALHOST}:0",  # any free port
            memory_limit=int(size.memory_gb * 1e9),
            local_directory=str(scratch),
            silence_logs=_SILENT,
        ) as cluster,
        Client(cluster, timeout=STARTS_WITHIN_S) as client,
    ):
        engine = DaskEngine(client, told)
        try:
            yield engine, cluster.dashboard_link if has_dashboard() else None
        finally:
            engine.close()


_SETTINGS: Final = {
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.allowed-failures": TRIES - 1,
    "distributed.scheduler.no-workers-timeout": GONE_AFTER_S,
    "distributed.deploy.lost-worker-timeout": "24h",
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.preload": ["voicemock.cohort.measuring"],
    "distributed.nanny.pre-spawn-environ": {
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1),
        "MALLOC_ARENA_MAX": 1,
    },
}
"""Dask's own names. A worker keeps no results that could be spilled, and one that pauses would never go on. By default
one that needs more than 15 s to start again, as on a busy machine, is given up for good. Dask would also have glibc
give memory back at once (MALLOC_TRIM_THRESHOLD_), which costs Whisper a third of its time; one heap for all threads
keeps as little."""


@contextmanager
def engine_at(address: str, told: Callable[[str], None]) -> Iterator[tuple[DaskEngine, str | None]]:
    """Yield the engine of a scheduler that is running.

    Args:
        address: Of the scheduler; ``refuse_address`` has let it through.
        told: Is told what happens.

    Raises:
        EngineError: Nothing answers there, or there is no worker.
    """
    from distributed import Client

    told(f"Looking for the scheduler at {address}, for up to {ANSWERS_WITHIN_S:g} s ...")
    try:
        client = Client(address, timeout=ANSWERS_WITHIN_S)
    except (OSError, ValueError, TypeError) as error:  # a TypeError where tls:// has no certificates
        raise EngineError(f"No Dask scheduler answers at {address}: {error}") from error
    with client:
        engine = DaskEngine(client, told)
        if not engine.workers:
            told(f"It has no workers yet. Waiting for one, for up to {ANSWERS_WITHIN_S:g} s ...")
            engine.wait_for_worker(address)
        try:
            yield engine, client.dashboard_link if has_dashboard() else None
        finally:
            engine.close()


def refuse_versions(versions: Mapping[str, int]) -> None:
    """Refuse workers whose rules are not ours: their answers would not compare.

    Args:
        versions: Of the rules, by the worker's address.

    Raises:
        EngineError: One is another.
    """
    for worker, version in versions.items():
        if version != ANALYSIS_VERSION:
            raise EngineError(
                f"{worker} measures by version {version} of the rules, but this machine uses {ANALYSIS_VERSION}. "
                "Install the same voicemock on every machine."
            )


def refuse_address(address: str) -> None:
    """Refuse what cannot be the address of a scheduler.

    Raises:
        InputError: It has no host and port, or begins with something else than one of ``SCHEMES``.
    """
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        is_one = parts.scheme in SCHEMES and bool(parts.hostname) and bool(parts.port)
    except ValueError:
        is_one = False
    if not is_one:
        raise InputError(
            f"{address} is not the address of a Dask scheduler. Write tcp://HOST:PORT or tls://HOST:PORT, as it prints "
            "when it starts."
        )


def is_elsewhere(address: str) -> bool:
    """Return whether an address names another machine, or may do so."""
    try:
        host = urlsplit(address if "://" in address else f"tcp://{address}").hostname or ""
        return host != "localhost" and not ip_address(host).is_loopback
    except ValueError:
        return True


def this_machine() -> tuple[int, float]:
    """Return the cores and the gigabytes of free memory that this process may use, within its limits."""
    import psutil
    from dask.system import CPU_COUNT
    from distributed.system import MEMORY_LIMIT

    return CPU_COUNT, min(psutil.virtual_memory().available, MEMORY_LIMIT) / 1e9
