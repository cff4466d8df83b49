"""What was decided against and comes back, and what governs what a change touches."""

from __future__ import annotations

import json

import pytest
from tests.verification.conftest import Verified

from whykeeper.verification.answer import FindingItem
from whykeeper.verification.findings import Severity
from whykeeper_indexers.dependencies import is_of

PYPROJECT = '[project]\nname = "acme"\ndependencies = [{}]\n'
NYGARD = """# 3. Keep jobs in the database

Date: 2024-02-03

## Status

Accepted

## Context

Jobs must survive a restart.

## Decision

{}

## Consequences

One thing less to run.
"""
MADR = """---
status: accepted
date: 2024-02-03
---
# Where jobs are kept

## Context and Problem Statement

Jobs must survive a restart.

## Considered Options

* PostgreSQL
* Redis

## Decision Outcome

Chosen option: "PostgreSQL", because we run it anyway.

## Pros and Cons of the Options

### Redis

* Bad, because a restart loses jobs
"""
ALTERNATIVES = """# 3. Keep jobs in the database

## Status

Accepted

## Decision

We keep jobs in PostgreSQL.

## Alternatives refused

- *Redis*: a restart loses jobs.
"""
OLD = """# 2. Use Redis

## Status

Superseded by [3. Keep jobs in the database](0003-jobs.md)

## Decision

We use Redis for jobs.
"""
NEW = """# 3. Keep jobs in the database

## Status

Accepted

Supersedes [2. Use Redis](0002-redis.md)

## Context

A restart lost jobs.

## Decision

We keep jobs in PostgreSQL.
"""
REJECTED = """# 3. Use Redis (`redis`)

* Status: rejected

## Context

It was proposed to keep jobs in Redis.

## Decision

Rejected: a restart loses jobs.
"""
RECORD = "doc/adr/0003-jobs.md"


def warnings(findings: list[FindingItem]) -> list[FindingItem]:
    """Those that say what is brought back."""
    return [each for each in findings if each.severity is Severity.WARNING]


@pytest.mark.parametrize(
    "records",
    [
        {RECORD: NYGARD.format("We will not use Redis for this.")},
        {RECORD: NYGARD.format("We replace Redis with PostgreSQL.")},
        {RECORD: NYGARD.format("Redis must not be used.")},
        {RECORD: NYGARD.format("We move jobs to PostgreSQL and migrate from Redis to it.")},
        {RECORD: MADR},
        {RECORD: ALTERNATIVES},
        {RECORD: MADR.replace("Redis", "Redis (`redis`)")},
        {RECORD: REJECTED},
        {"doc/adr/0002-redis.md": OLD, RECORD: NEW},
    ],
    ids=[
        "not used",
        "replaced",
        "must not",
        "migrated",
        "considered",
        "alternatives",
        "with its package",
        "rejected",
        "superseded",
    ],
)
def test_a_dependency_that_a_decision_turned_down_is_told_with_its_reason(
    verified: Verified, records: dict[str, str]
) -> None:
    before = {**records, "pyproject.toml": PYPROJECT.format("")}
    answer = verified(before, {"pyproject.toml": PYPROJECT.format('"redis>=5"')}, "decisions")
    (found,) = warnings(answer.findings)
    assert (found.rule, found.path, found.line) == ("decisions/brought-back", "pyproject.toml", 3)
    assert "Redis" in found.message
    assert found.evidence[0].path == RECORD
    assert found.evidence[0].text


@pytest.mark.parametrize(
    "said",
    [
        "We considered Celery with Redis and Kafka and rejected both: too heavy to run.",
        "We considered Kafka, NATS and Redis but rejected them.",
        "Kafka and Redis were considered and rejected.",
        "Redis was considered but dismissed.",
        "We use SQLite and not Redis.",
        "We use SQLite, not `redis`, for jobs.",
        "PostgreSQL was chosen over Kafka and Redis.",
        "Jobs are kept in PostgreSQL rather than Kafka or Redis.",
        "We do not use Kafka or Redis.",
        "Neither Kafka nor Redis is used.",
        "We avoid Redis.",
    ],
)
def test_what_prose_says_was_not_taken_is_told_whether_alone_or_among_others(
    verified: Verified, said: str
) -> None:
    before = {RECORD: NYGARD.format(said), "pyproject.toml": PYPROJECT.format("")}
    answer = verified(before, {"pyproject.toml": PYPROJECT.format('"redis>=5"')}, "decisions")
    (found,) = warnings(answer.findings)
    assert "redis" in found.message
    assert found.evidence[0].path == RECORD


@pytest.mark.parametrize(
    ("path", "before", "after", "name"),
    [
        ("src/app.py", "import json\n", "import json\nfrom redis.asyncio import Redis\n", "Redis"),
        ("src/app.ts", "export {};\n", 'import Redis from "ioredis";\nexport {};\n', "Redis"),
        (
            "app.go",
            'package app\n\nimport (\n\t"fmt"\n)\n',
            'package app\n\nimport (\n\t"fmt"\n\t"github.com/redis/go-redis/v9"\n)\n',
            "Redis",
        ),
        (
            "src/App.java",
            "import java.util.List;\n\nclass App {}\n",
            "import java.util.List;\nimport redis.clients.jedis.Jedis;\n\nclass App {}\n",
            "Redis",
        ),
        ("compose.yaml", "services: {}\n", "services:\n  jobs:\n    image: redis:7-alpine\n", "Redis"),
        ("Jenkinsfile", None, "pipeline {}\n", "Jenkins"),
        ("jest.config.js", None, "module.exports = {};\n", "Jest"),
        ("package.json", "{}\n", json.dumps({"dependencies": {"@reduxjs/toolkit": "1"}}), "Redux"),
    ],
)
def test_what_is_imported_run_or_configured_counts_as_well(
    verified: Verified, path: str, before: str | None, after: str, name: str
) -> None:
    said = {RECORD: NYGARD.format(f"We will not use {name}."), "README.md": "# Acme\n"}
    answer = verified({**said, **({path: before} if before else {})}, {path: after}, "decisions")
    (found,) = warnings(answer.findings)
    assert found.path == path
    assert name in found.message


@pytest.mark.parametrize(
    "record",
    [
        NYGARD.format("We use Redis for jobs."),
        NYGARD.format("We will not use Redis.").replace("Accepted", "Proposed"),
        NYGARD.format("We will not use Memcached."),
        NYGARD.format("We will not use it for redistribution."),
        NYGARD.format("Workers are told of jobs over Redis."),
        NYGARD.format("Do not use Redis without a password."),
        NYGARD.format("We considered Redis and adopted it."),
    ],
    ids=["chosen", "proposed", "another", "a word like it", "sent over it", "on a condition", "adopted"],
)
def test_what_no_decision_in_force_turned_down_is_free(verified: Verified, record: str) -> None:
    before = {RECORD: record, "pyproject.toml": PYPROJECT.format("")}
    answer = verified(before, {"pyproject.toml": PYPROJECT.format('"redis>=5"')}, "decisions")
    assert not warnings(answer.findings)


def test_what_was_there_before_is_not_brought_back(verified: Verified) -> None:
    before = {
        RECORD: NYGARD.format("We will not use Redis."),
        "pyproject.toml": PYPROJECT.format('"redis"'),
        "src/app.py": "import json\n",
    }
    answer = verified(before, {"src/app.py": "import json\nimport redis\n"}, "decisions")
    assert not warnings(answer.findings)


def test_a_document_that_advises_what_was_refused_is_worth_a_note(verified: Verified) -> None:
    before = {RECORD: NYGARD.format("We will not use Redis."), "docs/guide.md": "# Guide\n"}
    answer = verified(before, {"docs/guide.md": "# Guide\n\n- Use Redis for jobs.\n"}, "decisions")
    assert [(each.rule, each.severity) for each in answer.findings] == [("decisions/advised", Severity.NOTE)]


def test_decisions_that_name_what_is_touched_are_shown_once_and_others_are_not(verified: Verified) -> None:
    before = {
        RECORD: NYGARD.format("Jobs are kept by `src/jobs.py` through `keep_job`."),
        "doc/adr/0004-names.md": NYGARD.format("Names are short."),
        "src/jobs.py": "def keep_job(name):\n    return name\n",
        "src/more.py": "def other():\n    return 1\n",
    }
    after = {
        "src/jobs.py": "def keep_job(name):\n    return name.strip()\n",
        "src/more.py": "def other():\n    return 2\n",
    }
    (found,) = verified(before, after, "decisions").findings
    assert (found.rule, found.severity, found.path) == ("decisions/governs", Severity.NOTE, "src/jobs.py")
    assert found.evidence[0].path == RECORD


def test_an_accepted_record_that_is_rewritten_in_place_is_worth_a_note(verified: Verified) -> None:
    before = {RECORD: NYGARD.format("We keep jobs in PostgreSQL, in one table for each queue.")}
    after = {RECORD: NYGARD.format("We keep jobs in files below the data folder.")}
    (found,) = verified(before, after, "decisions").findings
    assert found.rule == "decisions/edited"
    assert "PostgreSQL" in found.evidence[0].text


def test_a_constant_that_is_imported_is_no_technology(verified: Verified) -> None:
    record = MADR.replace("Redis", "Checking")
    after = {"app/jobs.py": "from typing import TYPE_CHECKING\n"}
    assert not verified({"docs/adr/0003-jobs.md": record}, after, "decisions").findings
    before = {"docs/adr/0003-jobs.md": MADR}
    (finding,) = verified(before, {"app/jobs.py": "from redis import Redis\n"}, "decisions").findings
    assert finding.severity is Severity.WARNING


def test_a_name_in_code_that_was_turned_down_is_told_where_code_begins_to_use_it(verified: Verified) -> None:
    record = ALTERNATIVES.replace("*Redis*", "*polling with setInterval*")
    before = {RECORD: record, "src/app.ts": "export function start() {\n  return 1;\n}\n"}
    after = {"src/app.ts": "export function start() {\n  setInterval(refresh, 500);\n  return 1;\n}\n"}
    (found,) = warnings(verified(before, after, "decisions").findings)
    assert (found.path, found.line) == ("src/app.ts", 2)


@pytest.mark.parametrize(
    ("name", "technology", "means"),
    [
        ("github.com/redis/go-redis/v9", "Redis", True),
        ("@types/lodash", "Lodash", True),
        ("lodash-es", "lodash", True),
        ("styled-components", "Styled Components", True),
        ("org.apache.commons.lang3.StringUtils", "Apache Commons Lang", True),
        ("psycopg", "PostgreSQL", True),
        ("yaml", "PyYAML", True),
        ("github.com/google/uuid", "UUIDs", True),
        ("expressive", "Express", False),
        ("blackboard", "Black", False),
        ("springs", "Spring", False),
        ("org.apache.kafka", "Apache Commons Lang", False),
    ],
)
def test_a_package_is_known_by_the_name_that_people_have_for_it(
    name: str, technology: str, means: bool
) -> None:
    assert is_of(name, technology) is means
