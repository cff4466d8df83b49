"""Sessions that come and go, at one checkout or several, with settings of their own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whykeeper.daemon.protocols import Session
from whykeeper.host import Pace

if TYPE_CHECKING:
    from conftest import Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


def test_sessions_of_one_checkout_share_one_memory(machine: Machine, checkout: Any) -> None:
    desks = [machine.sit(checkout.root) for _ in range(3)]
    desks.append(machine.sit(checkout.root / "docs"))
    memories = machine.run(_together([machine.host.memory(desk.session) for desk in desks]))
    assert len({id(memory.indexer) for memory in memories}) == 1
    assert [each["sessions"] for each in machine.host.describe()] == [4]


def test_worktrees_opened_at_the_same_moment_share_one_store(
    machine: Machine, checkout: Any, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        checkout.git("worktree", "add", "-q", str(tmp_path / name), "-b", name)
    desks = [machine.sit(root) for root in (checkout.root, tmp_path / "one", tmp_path / "two")]
    memories = machine.run(_together([machine.host.memory(desk.session) for desk in desks]))
    assert len({id(memory.store) for memory in memories}) == 1
    for desk in desks:
        desk.settled()
        assert RECORD in desk.finds("postgres")


def test_two_repositories_are_served_at_once_and_apart(
    machine: Machine, checkout: Any, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "README.md").write_text("# Other\n\nThe okapi.\n", encoding="utf-8")
    one, other = machine.sit(checkout.root), machine.sit(tmp_path / "other")
    one.settled(), other.settled()
    assert (one.finds("okapi"), other.finds("okapi")) == ([], ["README.md"])
    assert (RECORD in one.finds("postgres"), other.finds("postgres")) == (True, [])
    assert len(machine.stores()) == 2


def test_a_call_that_is_cancelled_while_the_checkout_opens_leaves_nothing_behind(
    machine: Machine, checkout: Any
) -> None:
    session = Session(checkout.root, None, machine.home / "config", "control")

    async def cancel() -> None:
        machine.host.session_opened(session)
        opening = asyncio.ensure_future(machine.host.memory(session))
        await asyncio.sleep(0.01)
        opening.cancel()

    machine.run(cancel())
    desk = machine.sit(checkout.root)
    desk.index()
    assert len([each for each in threading.enumerate() if each.name.startswith("index ")]) == 1


def test_a_session_that_ends_while_its_checkout_opens_does_not_keep_it_open(
    machine: Machine, checkout: Any
) -> None:
    machine.pace = Pace(look_s=0.05, linger_s=0.1)
    desk = machine.sit(checkout.root)
    desk.leave()
    desk.wait(lambda: machine.stores() and not machine.host.describe())


def test_each_session_answers_with_its_own_search_settings(machine: Machine, checkout: Any) -> None:
    plain, terse = machine.sit(checkout.root), machine.sit(checkout.root, SEARCH__LIMIT="1")
    plain.settled()
    assert len(terse.search("postgres queue adapter").results) == 1
    assert len(plain.search("postgres queue adapter").results) > 1


def test_settings_that_others_use_stay_until_they_have_gone(machine: Machine, checkout: Any) -> None:
    first = machine.sit(checkout.root)
    first.settled()
    second = machine.sit(checkout.root, INDEX__EXCLUDE="docs/guide.md")
    assert "docs/guide.md" in second.finds("turnip")
    assert any("other settings of index" in note for note in second.status().notes)
    first.leave()
    second.leave()
    third = machine.sit(checkout.root, INDEX__EXCLUDE="docs/guide.md")
    assert third.settled().finds("turnip") == []
    assert not any("other settings" in note for note in third.status().notes)


def test_a_repositorys_settings_file_is_obeyed_as_soon_as_it_is_saved(
    machine: Machine, checkout: Any
) -> None:
    desks = [machine.sit(checkout.root), machine.sit(checkout.root)]
    desks[0].settled()
    checkout.write(".whykeeper.toml", '[index]\nexclude = ["docs/guide.md"]\n')
    for desk in desks:
        assert desk.settled().finds("turnip") == []
    (checkout.root / ".whykeeper.toml").unlink()
    assert desks[0].settled().finds("turnip") == ["docs/guide.md"]


def test_another_model_is_taken_up_by_the_session_that_comes_after(machine: Machine, checkout: Any) -> None:
    other = machine.add_encoder("other")
    first = machine.sit(checkout.root)
    told = first.index()
    second = machine.sit(checkout.root, MODEL__NAME="other")
    second.index()
    assert any("other settings of model" in note for note in second.status().notes)
    assert other.encoded.total() == 0
    first.leave()
    second.leave()
    third = machine.sit(checkout.root, MODEL__NAME="other")
    third.index()
    assert other.encoded.total() == told["vectors"]


def test_a_checkout_nobody_needs_is_closed_after_a_while_and_opens_again(
    machine: Machine, checkout: Any
) -> None:
    machine.pace = Pace(look_s=0.05, linger_s=0.2)
    desk = machine.sit(checkout.root).settled()
    desk.leave()
    desk.wait(lambda: not machine.host.describe())
    desk.wait(lambda: not _threads_of_stores())
    desk.wait(lambda: machine.encoder.closed)
    again = machine.sit(checkout.root).settled()
    assert again.search("jobs wait in postgres").mode == "hybrid"


def test_closing_in_the_middle_of_an_index_ends_everything_and_the_next_start_goes_on(
    machine: Machine, checkout: Any
) -> None:
    for number in range(300):
        checkout.write(f"docs/pages/{number:03}.md", f"# Page {number}\n\nQuokka{number}.\n")
    machine.encoder.open.clear()
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.progress.done > 30)
    machine.stop()
    assert not [each for each in threading.enumerate() if each.name.startswith(("index ", "encode"))]
    machine.encoder.open.set()
    desk = machine.sit(checkout.root)
    assert any("first index is under way" in note for note in desk.search("quokka7").notes)
    assert desk.index()["files"] == 304


def _threads_of_stores() -> list[str]:
    names = ("index ", "encode", "keep vectors", "whykeeper-watch")
    return [each.name for each in threading.enumerate() if each.name.startswith(names)]


async def _together(calls: list[Any]) -> list[Any]:
    return list(await asyncio.gather(*calls))
