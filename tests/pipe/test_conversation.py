"""What a pipe remembers of a conversation, without the processes around it."""

from __future__ import annotations

import json
from typing import Any

from whykeeper.conversation import MOST_REPEATS, Conversation, parse
from whykeeper_indexers.errors import DaemonError


def line(**message: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode() + b"\n"


def say(conversation: Conversation, **message: Any) -> bool:
    sent = line(**message)
    return conversation.sent(sent, parse(sent))


def opened() -> Conversation:
    conversation = Conversation()
    say(conversation, id=0, method="initialize", params={})
    assert conversation.received(line(id=0, result={}))
    say(conversation, method="notifications/initialized")
    return conversation


def asked_again(conversation: Conversation) -> list[Any]:
    """The requests that the next daemon is sent after the opening."""
    replay = [json.loads(each) for each in conversation.replay().splitlines()]
    return [each["id"] for each in replay[2:]]


def messages(lines: list[bytes]) -> list[dict[str, Any]]:
    return [json.loads(each) for each in lines]


def test_the_opening_is_repeated_and_its_second_answer_kept_back() -> None:
    conversation = opened()

    replay = conversation.replay()

    assert [json.loads(each)["method"] for each in replay.splitlines()] == [
        "initialize",
        "notifications/initialized",
    ]
    assert not conversation.received(line(id=0, result={}))
    assert conversation.received(line(id=1, result={}))


def test_an_opening_that_was_never_answered_is_answered_by_the_next_daemon() -> None:
    conversation = Conversation()
    say(conversation, id=0, method="initialize", params={})

    assert conversation.lost() == []
    assert conversation.replay()
    assert conversation.received(line(id=0, result={}))


def test_what_may_have_written_is_failed_once_and_what_was_answered_is_not() -> None:
    conversation = opened()
    for identifier in (1, "1", 2):
        say(conversation, id=identifier, method="tools/call", params={"name": "remember"})
    conversation.received(line(id=1, result={}))
    say(conversation, method="notifications/cancelled", params={"requestId": 2})

    [failed] = messages(conversation.lost())
    assert failed["id"] == "1"
    assert "may have been done and is not repeated" in failed["error"]["message"]
    assert failed["error"]["data"] == {"retry": False}
    assert conversation.lost() == []
    assert asked_again(conversation) == []


def test_what_only_reads_is_asked_of_the_next_daemon_in_its_order() -> None:
    conversation = opened()
    say(conversation, id=1, method="tools/list")
    say(conversation, id=2, method="tools/call", params={"name": "search_memory"})
    say(conversation, id=3, method="tools/call", params={"name": ["search_memory"]})
    say(conversation, id=4, method="tools/call", params={"name": "read_memory"})
    say(conversation, id=5, method="tools/call", params={"name": "memory_status"})
    say(conversation, id=6, method=["tools/list"])
    conversation.received(line(id=2, result={}))
    say(conversation, method="notifications/cancelled", params={"requestId": 4})

    assert [message["id"] for message in messages(conversation.lost())] == [3, 6]
    assert asked_again(conversation) == [1, 5]
    assert conversation.waiting
    assert conversation.received(line(id=5, result={}))
    assert conversation.received(line(id=1, result={}))
    assert not conversation.waiting
    assert conversation.lost() == []


def test_one_daemon_after_another_is_not_asked_what_they_die_of() -> None:
    conversation = opened()
    say(conversation, id=1, method="tools/call", params={"name": "search_memory"})
    for _ in range(MOST_REPEATS):
        assert conversation.lost() == []
        assert asked_again(conversation) == [1]
    say(conversation, id=2, method="tools/call", params={"name": "get_context"})

    [failed] = messages(conversation.lost())
    assert failed["id"] == 1
    assert "died 3 times" in failed["error"]["message"]
    assert asked_again(conversation) == [2]


def test_a_daemon_that_was_stopped_is_not_started_for_what_it_was_asked() -> None:
    conversation = opened()
    say(conversation, id=1, method="tools/call", params={"name": "search_memory"})

    [failed] = messages(conversation.lost(repeats=False))

    assert "was stopped" in failed["error"]["message"]
    assert failed["error"]["data"] == {"retry": True}
    assert asked_again(conversation) == []


def test_a_lasting_request_without_an_answer_is_repeated_once_and_answered() -> None:
    conversation = opened()
    say(conversation, id=1, method="resources/subscribe", params={"uri": "a"})

    assert conversation.lost() == []
    assert asked_again(conversation) == [1]
    assert conversation.received(line(id=1, result={}))
    assert asked_again(conversation) == [1]
    assert not conversation.received(line(id=1, result={}))


def test_a_question_of_a_dead_daemon_is_withdrawn_and_its_answer_kept_from_the_next() -> None:
    conversation = opened()
    conversation.received(line(id=7, method="elicitation/create", params={}))

    [withdrawn] = messages(conversation.lost())

    assert withdrawn["method"] == "notifications/cancelled"
    assert withdrawn["params"]["requestId"] == 7
    assert not say(conversation, id=7, result={})


def test_a_live_daemons_question_is_answered_once() -> None:
    conversation = opened()
    conversation.received(line(id=7, method="roots/list"))

    assert say(conversation, id=7, result={})
    assert not say(conversation, id=7, result={})


def test_what_a_client_of_the_older_era_asked_for_lastingly_is_asked_again() -> None:
    conversation = opened()
    say(conversation, id=1, method="resources/subscribe", params={"uri": "a"})
    say(conversation, id=2, method="resources/subscribe", params={"uri": "b"})
    say(conversation, id=3, method="resources/unsubscribe", params={"uri": "a"})
    for identifier in (1, 2, 3):
        conversation.received(line(id=identifier, result={}))

    replay = [json.loads(each) for each in conversation.replay().splitlines()]

    assert [(each["method"], each.get("params")) for each in replay[2:]] == [
        ("resources/subscribe", {"uri": "b"})
    ]
    assert not conversation.received(line(id=2, result={}))


def test_a_cancelled_subscription_is_not_repeated() -> None:
    conversation = Conversation()
    say(conversation, id=1, method="subscriptions/listen", params={})
    assert conversation.replay() != b""
    say(conversation, method="notifications/cancelled", params={"requestId": 1})

    assert conversation.replay() == b""


def test_a_long_answer_is_recognised_by_its_beginning() -> None:
    conversation = opened()
    say(conversation, id='with "quotes"', method="tools/call", params={})

    assert conversation.received(line(id='with "quotes"', result={"text": "x" * 100_000}))
    assert conversation.lost() == []


def test_a_long_message_in_another_order_is_recognised_too() -> None:
    conversation = opened()
    say(conversation, id=5, method="tools/call", params={})

    assert conversation.received(
        json.dumps({"result": {"text": "x" * 100_000}, "id": 5, "jsonrpc": "2.0"}).encode()
    )
    assert conversation.lost() == []


def test_everything_that_waits_is_failed_when_no_daemon_can_be_had() -> None:
    conversation = Conversation()
    say(conversation, id="open", method="initialize", params={})
    say(conversation, id=1, method="tools/list", params={})
    say(conversation, id=2, method="subscriptions/listen", params={})

    failed = messages(conversation.failed(DaemonError("no daemon", "look there")))

    assert {message["id"] for message in failed} == {"open", 1, 2}
    assert all("look there" in message["error"]["message"] for message in failed)
    assert conversation.replay() == b""


def test_lines_that_are_no_messages_pass_through() -> None:
    conversation = opened()

    for junk in (b"junk\n", b"[]\n", b"7\n", b'{"jsonrpc":"2.0"}\n', b"[" * 100_000 + b"\n"):
        assert conversation.sent(junk, parse(junk))
        assert conversation.received(junk)
