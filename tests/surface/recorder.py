"""A process of its own that records decisions through the tool; says the path of each."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.memory.conftest import Machine
from tests.surface.conftest import Agent


def main(home: str, root: str, name: str, count: int) -> None:
    machine = Machine(Path(home))
    machine.data_dir.mkdir(parents=True)
    agent = Agent(machine, machine.sit(Path(root)))
    for number in range(count):
        answer = agent.answer(
            "record_decision",
            title=f"Choice {number} of {name}",
            context="Two sessions record at once.",
            decision="Both are kept.\n\n" + "A line of the decision.\n\n" * 200,
            confirm_new=True,
        )
        sys.stdout.write(f"{answer['written'][0]}\n")
        sys.stdout.flush()
    machine.close()


if __name__ == "__main__":
    main(*sys.argv[1:4], int(sys.argv[4]))
