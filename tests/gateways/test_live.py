"""News within a process."""

from threading import Timer

from chalicelib.gateways.live import NoLive, ProcessLive


def test_news_wake_whoever_awaits_their_topic() -> None:
    live = ProcessLive()
    Timer(0.02, live.push, ("pool/default", {})).start()
    assert live.await_news("pool/default", 0, 5)


def test_news_between_looking_and_waiting_is_not_missed() -> None:
    live = ProcessLive()
    mark = live.mark("pool/default")
    live.push("pool/default", {})
    assert live.await_news("pool/default", mark, 5)


def test_news_of_another_topic_wake_nobody() -> None:
    live = ProcessLive()
    Timer(0.01, live.push, ("pool/other", {})).start()
    assert not live.await_news("pool/default", 0, 0.05)


def test_a_viewer_is_shown_everything() -> None:
    seen: list[tuple[str, object]] = []
    live = ProcessLive(viewer=lambda topic, message: seen.append((topic, message)))
    live.push("run/1", {"phase": "running"})
    assert seen == [("run/1", {"phase": "running"})]


def test_where_nobody_can_wait_there_is_no_news() -> None:
    live = NoLive()
    live.push("run/1", {})
    assert not live.await_news("run/1", live.mark("run/1"), 5)
