"""The verbs a person's command line asks of a checkout's memory: one registry."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from whykeeper.budgets import MOST_GAPS
from whykeeper_indexers.errors import InternalError, NotFoundError, RepositoryError
from whykeeper_indexers.index.indexer import Indexed

if TYPE_CHECKING:
    from whykeeper.daemon.protocols import Progress
    from whykeeper.memory import Memory

__all__ = ["VERBS"]

_Verb = Callable[["Memory", dict[str, Any], "Progress"], Awaitable[dict[str, Any]]]


async def _index(memory: Memory, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    return await memory.index(rebuild=bool(params.get("rebuild")), progress=progress)


async def _search(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    answer = await memory.search(
        str(params.get("query", "")),
        limit=params.get("limit"),
        budget=params.get("budget"),
        kinds=params.get("kinds"),
        paths=params.get("paths"),
        near=params.get("near"),
        explain=bool(params.get("explain")),
        by="person",
    )
    return answer.model_dump(mode="json")


async def _context(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    answer = await memory.context(
        list(params.get("paths") or ()), task=params.get("task"), budget=params.get("budget")
    )
    return answer.model_dump(mode="json")


async def _explain(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    answer = await memory.explain(str(params.get("target", "")), budget=params.get("budget"))
    return answer.model_dump(mode="json")


async def _read(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    answer = await memory.read(str(params.get("id", "")), budget=params.get("budget"))
    return answer.model_dump(mode="json")


async def _status(memory: Memory, _params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return (await memory.status()).model_dump(mode="json")


async def _status_files(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    return {"files": await memory.files(list(params.get("paths") or ()))}


async def _gaps(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.gaps.report import gaps_report

    if params.get("forget"):
        return {"forgotten": await asyncio.to_thread(memory.questions.forget)}
    await memory.catch_up()
    answer = await asyncio.to_thread(gaps_report, memory, int(params.get("limit") or MOST_GAPS))
    return answer.model_dump(mode="json")


async def _links(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.links import links_of

    await memory.catch_up()
    found = []
    for path in params.get("paths") or ():
        try:
            found.append(await asyncio.to_thread(links_of, memory, memory.relative(path)))
        except (RepositoryError, NotFoundError) as error:
            # One path that cannot be asked about is no reason to say nothing of the others.
            found.append({"path": path, "problem": error.message})
    return {"links": found}


async def _stale(memory: Memory, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from whykeeper.staleness import judged_anew, stale_report

    await memory.catch_up()
    whole = await judged_anew(memory, progress)
    return await asyncio.to_thread(stale_report, memory, everything=bool(params.get("all")), whole=whole)


async def _verify(memory: Memory, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from whykeeper.verification.use_case import request_of, verify_change

    answer = await verify_change(memory, request_of(params), _told(progress, "facts"))
    return answer.model_dump(mode="json")


async def _waive(memory: Memory, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from whykeeper.verification.waive import waive

    return await asyncio.to_thread(waive, memory, params, _told(progress, "facts"))


async def _calibrate(memory: Memory, _params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from whykeeper.verification.calibration import calibrated
    from whykeeper.verification.use_case import history_of

    told, gone = _told(progress, "commits"), threading.Event()

    def heard(done: int, total: int) -> None:
        if gone.is_set():
            raise InternalError("nobody waits for this calibration any more")
        told(done, total)

    try:
        return (await asyncio.to_thread(calibrated, history_of(memory), heard)).model_dump(mode="json")
    finally:
        # Whoever asked may have gone, and a replay takes minutes.
        gone.set()


async def _set_severities(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.verification.severity_table import set_severities

    severities = dict(params.get("severities") or {})
    return await asyncio.to_thread(set_severities, memory, severities, write=bool(params.get("write")))


def _told(progress: Progress, phase: str) -> Callable[[int, int], None]:
    """Have a thread's counts told from the event loop."""
    loop = asyncio.get_running_loop()

    async def tell(done: int, total: int) -> None:
        await progress({"phase": phase, "done": done, "total": total})

    def told(done: int, total: int) -> None:
        asyncio.run_coroutine_threadsafe(tell(done, total), loop)

    return told


async def _constraints(memory: Memory, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    from whykeeper.verification.use_case import list_constraints

    check = bool(params.get("check"))
    answer = await list_constraints(memory, check=check, progress=_told(progress, "facts"))
    return answer.model_dump(mode="json")


async def _plans(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.plans.report import plan_list

    return await asyncio.to_thread(plan_list, memory, everything=bool(params.get("all")))


async def _plan(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.plans.report import shown_plan

    return await asyncio.to_thread(shown_plan, memory, params.get("plan") or None)


async def _plan_save(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.plans.request import PlanRequest

    goal, note, state = (str(params.get(name) or "") for name in ("goal", "note", "state"))
    request = PlanRequest(plan=params.get("plan") or None, goal=goal, note=note, state=state)
    answer = await memory.save_plan(request)
    return answer.model_dump(mode="json")


async def _plan_commands(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.plans.report import acceptance_of

    return await asyncio.to_thread(acceptance_of, memory, str(params.get("plan") or ""))


async def _resume(memory: Memory, params: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    from whykeeper.plans.use_cases import resumed_whole

    return await resumed_whole(memory, params.get("plan") or None)


async def _watch(memory: Memory, _params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Tell of everything that gets indexed until the client goes away."""
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[Indexed] = asyncio.Queue()

    def tell(indexed: Indexed) -> None:
        loop.call_soon_threadsafe(events.put_nowait, indexed)

    stop = memory.listen(tell)
    watcher, root = memory.watcher, memory.repository.root
    try:
        await progress({"event": "watching", "state": watcher.state.mode if watcher else "off"})
        while True:
            indexed = await events.get()
            await progress(
                {
                    "event": "indexed",
                    "paths": list(indexed.paths),
                    "removed": [path for path in indexed.paths if not os.path.lexists(root / path)],
                    "chunks": indexed.chunks,
                    "commits": indexed.commits,
                    "took_ms": round(indexed.took_ms, 1),
                }
            )
    finally:
        stop()


VERBS: dict[str, _Verb] = {
    "index": _index,
    "search": _search,
    "context": _context,
    "explain": _explain,
    "read": _read,
    "status": _status,
    "status_files": _status_files,
    "gaps": _gaps,
    "links": _links,
    "stale": _stale,
    "verify": _verify,
    "waive": _waive,
    "constraints": _constraints,
    "plans": _plans,
    "plan": _plan,
    "plan_save": _plan_save,
    "plan_commands": _plan_commands,
    "resume": _resume,
    "calibrate": _calibrate,
    "set_severities": _set_severities,
    "watch": _watch,
}
