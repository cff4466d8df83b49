"""What `init` wrote is what `remember` adds to, and its questions stay until somebody answers them."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt

from whykeeper.scaffold.documents import patterns
from whykeeper.scaffold.survey import survey
from whykeeper_indexers.scan import open_repository


def test_entries_go_below_the_headings_that_init_wrote(agent_at: AgentAt, project: GitFolder) -> None:
    written = patterns(survey(open_repository(project.root)))
    path = project.write("docs/context/patterns.md", written)
    agent = agent_at(project.root)
    for kind, text in (("pattern", "Proxies come from `src/proxy.py`."), ("avoid", "Buffers leak.")):
        agent.answer("remember", kind=kind, text=text)

    lines = path.read_text(encoding="utf-8").split("\n")

    added = ["- Proxies come from `src/proxy.py`.", "- Buffers leak."]
    assert [line for line in lines if line and line not in added] == [
        line for line in written.split("\n") if line
    ]
    places = [lines.index(each) for each in ("## Patterns to use", added[0], "## Avoid", added[1])]
    assert places == sorted(places)
