"""A helper process: what its caller sees when all is well and when it is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.waiting import eventually

from whykeeper_indexers.errors import ModelError, WorkerError
from whykeeper_indexers.worker import WorkerProcess, minimal_environment

pytestmark = pytest.mark.border

LIMIT_S = 10.0

HELPER = """
import os, sys, threading, time
from whykeeper_indexers.errors import ModelError
from whykeeper_indexers.worker import serve

order = []
gate = threading.Event()

def add(left, right):
    print("a library that prints", left, right)
    return left + right

def refuse():
    raise ModelError("no such model", "name another")

def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.005)

def note(name):
    order.append(name)
    return list(order)

serve({
    "add": add, "refuse": refuse, "divide": lambda a, b: a / b, "wait_for": wait_for, "note": note,
    "order": lambda: order, "environment": lambda: dict(os.environ), "nice": lambda: os.nice(0),
    "die": lambda: os._exit(7), "pid": os.getpid, "spin": lambda: [None for _ in iter(int, 1)],
    "read": lambda: sys.stdin.read(), "lambda": lambda: (lambda: 0), "folder": os.getcwd,
})
"""


@pytest.fixture
def helper(tmp_path: Path) -> Path:
    script = tmp_path / "helper.py"
    script.write_text(HELPER, encoding="utf-8")
    return script


@pytest.fixture
def worker(helper: Path, tmp_path: Path) -> Iterator[WorkerProcess]:
    with (tmp_path / "worker.log").open("wb") as log:
        process = WorkerProcess(helper, name="test helper", log=log)
        yield process
        process.close()


def alive(pid: int) -> bool:
    """Whether the process runs: one that nobody has waited for yet does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False


def test_a_call_returns_what_the_method_returns_and_prints_go_to_the_log(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    assert worker.call("add", [1], [2], timeout_s=20) == [1, 2]
    assert worker.call("read", timeout_s=20) == ""
    worker.close()
    assert "a library that prints [1] [2]" in (tmp_path / "worker.log").read_text(encoding="utf-8")


def test_our_own_errors_arrive_whole_and_others_as_worker_errors(worker: WorkerProcess) -> None:
    with pytest.raises(ModelError) as refused:
        worker.call("refuse", timeout_s=20)
    assert (refused.value.message, refused.value.hint) == ("no such model", "name another")
    with pytest.raises(WorkerError, match="ZeroDivisionError"):
        worker.call("divide", 1, 0, timeout_s=20)
    with pytest.raises(WorkerError, match="KeyError"):
        worker.call("no such method", timeout_s=20)
    with pytest.raises(WorkerError, match="pickle"):
        worker.call("lambda", timeout_s=20)
    assert worker.call("add", 1, 2, timeout_s=20) == 3


def test_concurrent_calls_each_get_their_own_answer(worker: WorkerProcess) -> None:
    with ThreadPoolExecutor(8) as threads:
        sums = list(threads.map(lambda n: worker.call("add", n, n, timeout_s=20), range(200)))
    assert sums == [2 * n for n in range(200)]


def test_an_urgent_call_overtakes_queued_ones(worker: WorkerProcess, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    worker.call("order", timeout_s=20)
    with ThreadPoolExecutor(5) as threads:
        # Urgent itself, so that it is the first to run whatever order the threads start in.
        threads.submit(worker.call, "wait_for", str(gate), timeout_s=20, urgent=True)
        for name in ("slow 1", "slow 2"):
            threads.submit(worker.call, "note", name, timeout_s=20)
        urgent = threads.submit(worker.call, "note", "urgent", timeout_s=20, urgent=True)
        assert eventually(lambda: worker.waiting == 4, within_s=LIMIT_S)
        gate.touch()
        assert urgent.result(20) == ["urgent"]


def test_a_call_over_its_time_fails_and_the_next_one_gets_a_new_process(worker: WorkerProcess) -> None:
    first = worker.call("pid", timeout_s=20)
    with pytest.raises(WorkerError, match=r"'spin' took more than 0\.2 s"):
        worker.call("spin", timeout_s=0.2)
    assert eventually(lambda: not worker.running, within_s=LIMIT_S)
    assert worker.call("pid", timeout_s=20) != first


def test_a_stuck_child_with_a_full_pipe_does_not_hold_its_caller(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    pid = worker.call("pid", timeout_s=20)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerError, match="took more than"):
        worker.call("add", "x" * 5_000_000, "", timeout_s=0.3)
    assert worker.call("add", 1, 1, timeout_s=20) == 2


def test_a_death_fails_the_calls_in_flight_and_says_how_it_died(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(worker.call, "wait_for", str(tmp_path / "never"), timeout_s=30)
        assert eventually(lambda: worker.waiting == 1, within_s=LIMIT_S)
        pid = worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerError, match="killed by signal 9"):
            waiting.result(20)
    with pytest.raises(WorkerError, match="ended with code 7"):
        worker.call("die", timeout_s=20)
    assert worker.call("add", 1, 1, timeout_s=20) == 2


def test_repeated_deaths_are_not_restarted_at_once(worker: WorkerProcess) -> None:
    for _ in range(3):
        with pytest.raises(WorkerError, match="code 7"):
            worker.call("die", timeout_s=20)
    with pytest.raises(WorkerError, match="died 3 times in a row; next start in"):
        worker.call("add", 1, 1, timeout_s=20)


def test_a_program_that_is_no_helper_is_an_error_and_not_a_hang(tmp_path: Path) -> None:
    script = tmp_path / "prints.py"
    script.write_text("print('x' * 10_000)", encoding="utf-8")
    worker = WorkerProcess(script, name="not a helper")
    with pytest.raises(WorkerError, match="answered nonsense"):
        worker.call("add", 1, 1, timeout_s=20)
    worker.close()


def test_a_closed_worker_takes_no_more_calls_and_a_stopped_one_does(worker: WorkerProcess) -> None:
    pid = worker.call("pid", timeout_s=20)
    worker.stop()
    assert not alive(pid)
    again = worker.call("pid", timeout_s=20)
    worker.close()
    assert not alive(again)
    with pytest.raises(WorkerError, match="closed"):
        worker.call("pid", timeout_s=20)


def test_the_child_gets_a_minimal_environment_and_runs_outside_any_checkout(
    helper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a client's")
    worker = WorkerProcess(helper, name="helper", niceness=7, env=minimal_environment({"EXTRA": "1"}))
    environment = worker.call("environment", timeout_s=20)
    assert environment["EXTRA"] == "1"
    assert not {"PYTHONPATH", "AWS_SECRET_ACCESS_KEY"} & set(environment)
    assert worker.call("nice", timeout_s=20) == os.nice(0) + 7
    assert worker.call("folder", timeout_s=20) == os.path.abspath(os.sep)  # noqa: PTH100
    worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no niceness of their own")
def test_background_work_steps_back_from_wherever_the_process_was_started(tmp_path: Path) -> None:
    script = tmp_path / "helper.py"
    script.write_text(HELPER.rstrip().removesuffix(")") + ", urgent_lane=True)\n", encoding="utf-8")
    worker = WorkerProcess(script, name="helper", niceness=9)
    background, urgent = worker.call("nice", timeout_s=20), worker.call("nice", timeout_s=20, urgent=True)
    worker.close()
    # 19 is the most there is.
    assert min(urgent + 1, 19) <= background


def test_a_killed_parent_takes_a_computing_child_with_it(helper: Path) -> None:
    program = f"""
from pathlib import Path
from whykeeper_indexers.worker import WorkerProcess
worker = WorkerProcess(Path({str(helper)!r}), name="helper")
print(worker.call("pid", timeout_s=20), flush=True)
worker.call("spin", timeout_s=60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    assert eventually(lambda: not alive(pid), within_s=LIMIT_S)
