"""A short section on whykeeper in the file that agents read, between marks, to be updated or removed by."""

from __future__ import annotations

from pathlib import Path

from whykeeper.clients.files import TextFile, read_file
from whykeeper.clients.receipts import Receipt, Receipts, make_receipt
from whykeeper.clients.registration import Plan

__all__ = ["AGENTS_FILES", "plan_removal", "plan_section"]

AGENTS_FILES = ("AGENTS.md", "CLAUDE.md", ".claude/CLAUDE.md", "GEMINI.md", ".github/copilot-instructions.md")
"""Those that bind a whole repository, most widely read first: the first that is there is taken."""
BEGIN = "<!-- whykeeper: begin -->"
END = "<!-- whykeeper: end -->"
_SECTION = f"""\
{BEGIN}
## Project memory

Ask whykeeper (an MCP server) about this project's decisions, conventions, documents, code and history.

- Before you edit: `get_context` with the files or the task says what binds them.
- Before you guess at a reason or write a helper: `search_memory`, one question at a time.
- When you begin: `resume_work`. Before work of several steps: `save_plan`, and again as steps are done.
- What was decided or learned, and the next one should know: `record_decision`, `remember`.
- Without these tools, in a terminal: `whykeeper context PATH` and `whykeeper search "QUESTION"`.
{END}
"""


def plan_section(root: Path, receipts: Receipts) -> Plan:
    """Work out how to put the section into the agents' file, or bring it up to date there.

    Args:
        root: Of the checkout.
        receipts: Of what was put in before.

    Raises:
        UserError: The file leads outside, cannot be read or is not UTF-8.
    """
    name = next((each for each in AGENTS_FILES if (root / each).is_file()), AGENTS_FILES[0])
    file = read_file(root / name, root)
    text = file.text
    found = _marked(text)
    if found is None and BEGIN in text:
        note = f"{name} has {BEGIN} without its end, so nothing is changed there"
        return Plan(file, text, notes=(note,))
    ours = _SECTION.replace("\n", "\r\n") if "\r\n" in text else _SECTION
    if found:
        start, end = found
        after = text[:start] + ours.rstrip("\r\n") + text[end:]
        return Plan(file, after, _brought_up_to_date(file, found, after, receipts))
    line_end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() else line_end if text.endswith("\n") else 2 * line_end
    after = f"{text}{gap}{ours}"
    return Plan(file, after, make_receipt(file, after, created_key=False, folders=()))


def plan_removal(root: Path, receipts: Receipts) -> Plan | None:
    """Work out how to take the section out again; None where there is none.

    Raises:
        UserError: The file leads outside, cannot be read or is not UTF-8.
    """
    for name in AGENTS_FILES:
        if not (root / name).is_file():
            continue
        file = read_file(root / name, root)
        found = _marked(file.text)
        if found:
            return _removed(file, found, receipts)
    return None


def _removed(file: TextFile, found: tuple[int, int], receipts: Receipts) -> Plan:
    receipt = receipts.get(file.real)
    before = _before(receipt, file.text, found) if receipt else None
    if before is None:
        start, end = found
        head, tail = file.text[:start], file.text[end:]
        before = head.rstrip("\r\n") + (tail if head.strip() else tail.lstrip("\r\n"))
    emptied = not before.strip() and (receipt is None or receipt.created_file)
    folders = tuple(map(Path, receipt.folders)) if receipt else ()
    return Plan(file, None, folders=folders) if emptied else Plan(file, before)


def _brought_up_to_date(
    file: TextFile, found: tuple[int, int], after: str, receipts: Receipts
) -> Receipt | None:
    receipt = receipts.get(file.real)
    before = _before(receipt, file.text, found) if receipt else None
    if receipt is None or before is None:
        return None
    original = TextFile(file.path, file.real, None if receipt.created_file else file.encode(before))
    return make_receipt(original, after, created_key=False, folders=tuple(map(Path, receipt.folders)))


def _before(receipt: Receipt, text: str, found: tuple[int, int]) -> str | None:
    """The text without what was put in; None where something has changed before the section since."""
    gap, mark, rest = receipt.inserted.partition(BEGIN)
    line_end = rest.rpartition(END)[2]
    start, end = found
    if not mark or start - len(gap) != receipt.offset or text[receipt.offset : start] != gap:
        return None
    tail = text[end:].removeprefix(line_end)
    return text[: receipt.offset] + receipt.removed + tail


def _marked(text: str) -> tuple[int, int] | None:
    """Where the section begins and ends, marks included; None where it does not stand there whole."""
    start = text.find(BEGIN)
    end = text.find(END, start)
    return (start, end + len(END)) if start >= 0 and end >= 0 else None
