from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cohort.answers import ended_once, poisoned
from voicemock.cohort.engines import (
    WORKER_ENDED,
    DaskEngine,
    PlainLoop,
    Size,
    engine_at,
    failure_of,
    is_elsewhere,
    local_engine,
    refuse_address,
    refuse_versions,
    size_of,
)
from voicemock.errors import EngineError, InputError
from voicemock.models import Failure


@pytest.mark.parametrize(
    ("cores", "free_gb", "wanted", "worker_gb", "workers", "memory_gb"),
    [
        (8, 33.0, None, None, 8, 4.0),
        (8, 4.5, None, None, 3, 3.5 / 3),
        (2, 0.5, None, None, 1, 1.0),
        (8, 33.0, 4, None, 4, 8.0),
        (8, 33.0, None, 8.0, 4, 8.0),
    ],
    ids=["by cores", "by memory", "always one", "as wanted", "larger workers"],
)
def test_as_many_workers_as_cores_and_memory_allow(
    cores: int, free_gb: float, wanted: int | None, worker_gb: float | None, workers: int, memory_gb: float
) -> None:
    size = size_of(cores, free_gb, wanted, worker_gb)
    assert (size.workers, size.memory_gb) == (workers, pytest.approx(memory_gb))


def test_the_count_of_workers_is_explained() -> None:
    assert size_of(8, 4.5).reason == (
        "3 workers of one thread: 8 cores and 4.5 GB of free memory, 1 GB left free, 1 GB a worker."
    )


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (OSError(errno.EACCES, "Permission denied"), "unreadable", "It cannot be read: Permission denied."),
        (MemoryError(), "memory", "There was not enough memory to measure it."),
        (EngineError("Whisper failed"), "engine", "Whisper failed"),
        (ValueError("no such number"), "unexpected", "ValueError: no such number"),
    ],
)
def test_an_error_that_nothing_else_explains_is_kept(error: Exception, kind: str, message: str) -> None:
    assert failure_of(error) == Failure(kind=kind, message=message)


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("tcp://127.0.0.1:8786", False),
        ("tcp://localhost:8786", False),
        ("127.0.0.1:8786", False),
        ("10.0.0.7:8786", True),
        ("tcp://10.0.0.7:8786", True),
        ("tls://scheduler.example:8786", True),
        ("tcp://[10.0.0.7", True),
    ],
)
def test_whether_a_scheduler_may_be_on_another_machine(address: str, elsewhere: bool) -> None:
    assert is_elsewhere(address) is elsewhere


@pytest.mark.parametrize("address", ["nowhere", "tcp://[10.0.0.7", "http://127.0.0.1:8787", "inproc://a:1", "tcp://a"])
def test_what_is_no_address_of_a_scheduler_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="is not the address of a Dask scheduler"):
        refuse_address(address)


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "tcp://10.0.0.7:8786", "tls://scheduler.example:8786"])
def test_an_address_of_a_scheduler_is_taken(address: str) -> None:
    refuse_address(address)


def test_a_scheduler_that_cannot_be_reached_is_told() -> None:
    told: list[str] = []
    with pytest.raises(EngineError, match="No Dask scheduler answers at"), engine_at("tls://127.0.0.1:1", told.append):
        pass
    assert told == ["Looking for the scheduler at tls://127.0.0.1:1, for up to 10 s ..."]


def test_workers_with_other_rules_are_refused() -> None:
    with pytest.raises(EngineError, match="Install the same voicemock on every machine"):
        refuse_versions({"tcp://10.0.0.7:4000": 0})


def test_a_loop_goes_on_after_a_job_that_fails() -> None:
    found = dict(PlainLoop().run("job", divmod, {"a": (7, 2), "b": (7, 0), "c": (9, 2)}))
    assert (found["a"], found["b"].kind, found["c"]) == ((3, 1), "unexpected", (4, 1))


def test_a_job_is_tried_twice_and_no_more() -> None:
    tries: list[int] = []

    def failing(succeeds_at: int) -> str:
        tries.append(1)
        if len(tries) < succeeds_at:
            raise OSError("busy")
        return "done"

    assert dict(PlainLoop().run("job", failing, {"a": (2,)})) == {"a": "done"}
    tries.clear()
    assert dict(PlainLoop().run("job", failing, {"a": (9,)}))["a"].kind == "unreadable"
    assert len(tries) == 2


# The real engine. It takes seconds to start, so these run with those that load models.

TOLD: list[str] = []


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskEngine]:
    size = Size(2, 1.0, "two")
    with local_engine(size, tmp_path_factory.mktemp("scratch"), TOLD.append) as (engine, _):
        yield engine


@pytest.mark.models
def test_a_job_that_ends_its_worker_costs_itself_alone(engine: DaskEngine) -> None:
    found = dict(engine.run("poisoned", poisoned, {str(number): (number,) for number in range(5)}))
    assert {key: found[key] for key in "013"} == {"0": 0, "1": 1, "3": 9}
    assert (found["2"].kind, found["4"]) == (
        "worker_killed",
        Failure(kind="unexpected", message="ValueError: no such number"),
    )
    assert WORKER_ENDED in TOLD


@pytest.mark.models
def test_a_job_whose_worker_was_killed_once_is_done_by_another(engine: DaskEngine, tmp_path: Path) -> None:
    jobs = {str(number): (number, str(tmp_path / "ended")) for number in range(3)}
    assert dict(engine.run("ended", ended_once, jobs)) == {"0": 0, "1": 1, "2": 4}


@pytest.mark.models
def test_the_engine_listens_on_this_machine_alone_and_in_tls(engine: DaskEngine) -> None:
    addresses = [engine._client.scheduler.address, *engine._client.scheduler_info(n_workers=-1)["workers"]]
    assert {address.rpartition(":")[0] for address in addresses} == {"tls://127.0.0.1"}
