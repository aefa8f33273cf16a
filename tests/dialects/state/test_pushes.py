"""How each host says what was pushed, and what is no push."""

from typing import Any

import pytest

from chalicelib.dialects.state.incoming_webhooks.words_pushes import pushes_of
from chalicelib.use_cases.incoming_webhooks.pushes import Push

SHA = "a" * 40
COMMIT = {"id": SHA, "message": "fix it", "author": {"name": "ada"}, "added": ["a.py"], "modified": [], "removed": []}
GITHUB = {"ref": "refs/heads/main", "after": SHA, "deleted": False, "head_commit": COMMIT, "commits": [COMMIT]}
GITLAB = {**GITHUB, "object_kind": "push", "total_commits_count": 1, "user_name": "bob"}
BITBUCKET = {
    "push": {
        "changes": [
            {
                "new": {
                    "type": "branch",
                    "name": "main",
                    "target": {"hash": SHA, "message": "fix it", "author": {"raw": "ada"}},
                }
            }
        ]
    }
}
BITBUCKET_SERVER = {
    "eventKey": "repo:refs_changed",
    "actor": {"displayName": "ada"},
    "changes": [{"ref": {"id": "refs/heads/main", "type": "BRANCH"}, "toHash": SHA, "type": "UPDATE"}],
}
AZURE = {
    "eventType": "git.push",
    "message": {"text": "ada pushed"},
    "resource": {
        "commits": [{"commitId": SHA, "author": {"name": "ada"}, "comment": "fix it"}],
        "refUpdates": [{"name": "refs/heads/main", "oldObjectId": "b" * 40, "newObjectId": SHA}],
    },
}
PLAIN = {"branch": "main", "commit": SHA, "author": "ada", "message": "fix it", "changed_files": ["a.py"]}
WHOLE = Push(branch="main", commit=SHA, author="ada", message="fix it", changed_files=("a.py",))
UNKNOWN = Push(branch="main", commit=SHA, author="ada", message="fix it")
NO_BRANCH = "no branch was pushed"
NOT_UNDERSTOOD = "this says no push that is understood"


@pytest.mark.parametrize(
    ("payload", "event", "push"),
    [
        (GITHUB, "push", WHOLE),
        (GITLAB, "Push Hook", WHOLE),
        ({**GITLAB, "event_name": "push"}, "System Hook", WHOLE),
        (BITBUCKET, "repo:push", UNKNOWN),
        (BITBUCKET_SERVER, "repo:refs_changed", Push(branch="main", commit=SHA, author="ada")),
        ({**BITBUCKET_SERVER, "toCommit": {"id": SHA, "message": "fix it"}}, "repo:refs_changed", UNKNOWN),
        (AZURE, "", UNKNOWN),
        (PLAIN, "", WHOLE),
        ({}, "", Push()),
        ({"inputs": {}}, "", Push()),
        ({"message": "again", "author": "ada"}, "", Push(message="again", author="ada")),
    ],
)
def test_each_host_says_it_in_its_way(payload: dict[str, object], event: str, push: Push) -> None:
    assert pushes_of(payload, event).branches == (push,)


@pytest.mark.parametrize(
    ("payload", "event", "why"),
    [
        ({**GITHUB, "ref": "refs/tags/v1"}, "push", "refs/tags/v1 is no branch"),
        ({**GITHUB, "ref": "refs/heads/"}, "push", "refs/heads/ is no branch"),
        ({**GITHUB, "deleted": True}, "push", "branch main was deleted"),
        ({**GITLAB, "after": "0" * 40}, "Push Hook", "branch main was deleted"),
        ({**GITLAB, "object_kind": "tag_push"}, "System Hook", "event tag_push is no push"),
        ({"event_name": "project_create"}, "System Hook", "event project_create is no push"),
        ({**GITLAB, "object_kind": "pipeline"}, "", "event pipeline is no push"),
        ({"push": {"changes": [{"new": None}]}}, "repo:push", NO_BRANCH),
        ({"push": {"changes": [{"new": {"type": "tag", "name": "v1"}}]}}, "repo:push", NO_BRANCH),
        ({**BITBUCKET_SERVER, "changes": [{"ref": {"id": "refs/tags/v1"}}]}, "repo:refs_changed", NO_BRANCH),
        ({**AZURE, "eventType": "git.pullrequest.created"}, "", "event git.pullrequest.created is no push"),
        ({**AZURE, "eventType": 5}, "", "event without a name is no push"),
        ({"zen": "calm"}, "ping", "event ping is no push"),
        ({"zen": "calm"}, "push", NOT_UNDERSTOOD),
        (PLAIN, "push", NOT_UNDERSTOOD),
        ({"Type": "SubscriptionConfirmation", "Message": "x"}, "", NOT_UNDERSTOOD),
        ({"title": "disk full", "message": "over 90 %"}, "", NOT_UNDERSTOOD),
        ({"commit": {"id": SHA}}, "", NOT_UNDERSTOOD),
        ({"changed_files": "a.py"}, "", NOT_UNDERSTOOD),
        ([], "", NOT_UNDERSTOOD),
        ([PLAIN], "", NOT_UNDERSTOOD),
        ("main", "", NOT_UNDERSTOOD),
        (None, "", NOT_UNDERSTOOD),
    ],
)
def test_what_is_no_push_says_why(payload: object, event: str, why: str) -> None:
    read = pushes_of(payload, event)
    assert (read.branches, read.none) == ((), why)


NAMELESS = {**COMMIT, "id": "c" * 40, "added": []}


@pytest.mark.parametrize(
    "more",
    [
        {"forced": True},
        {"created": True},
        {"before": "0" * 40},
        {"total_commits_count": 30},
        {"total_commits": 2},
        {"commits": []},
        {"commits": None},
        {"commits": [NAMELESS]},
        {"commits": [COMMIT, NAMELESS]},
        {"commits": [{**COMMIT, "removed": None}]},
        {"commits": [{**COMMIT, "added": ["a.py", 5]}]},
        {"commits": [{**COMMIT, "added": [f"docs/{number}" for number in range(3000)]}]},
        {"commits": [{**COMMIT, "added": [f"docs/{number}"]} for number in range(2048)]},
    ],
)
def test_files_that_may_not_be_all_there_are_count_as_unknown(more: dict[str, object]) -> None:
    (push,) = pushes_of({**GITHUB, **more}, "push").branches
    assert push.changed_files is None


@pytest.mark.parametrize("files", [[], ["a.md", 5], [str(number) for number in range(10_001)]])
def test_files_that_are_said_by_hand_are_all_or_unknown(files: list[object]) -> None:
    (push,) = pushes_of({**PLAIN, "changed_files": files}, "").branches
    assert push.changed_files is None


@pytest.mark.parametrize("odd", [5, None, [], "text", {"x": 1}])
def test_a_payload_of_odd_types_says_nothing(odd: Any) -> None:  # noqa: ANN401 - any of them
    payload = {"ref": "refs/heads/main", "after": odd, "commits": odd, "head_commit": odd}
    assert [push.branch for push in pushes_of(payload, "push").branches] == ["main"]
    hosts = {"push": odd, "changes": odd, "eventType": odd, "resource": odd, "eventKey": odd}
    assert pushes_of(hosts, "").branches == ()


def test_every_branch_of_a_push_is_read_and_none_twice() -> None:
    news = [{"type": "branch", "name": name, "target": {"hash": end * 40}} for name, end in (("b", "1"), ("a", "2"))]
    again = {"type": "branch", "name": "b", "target": {"hash": "3" * 40}}
    read = pushes_of({"push": {"changes": [{"new": new} for new in (*news, again)]}}, "repo:push")
    assert [(push.branch, push.commit) for push in read.branches] == [("b", "3" * 40), ("a", "2" * 40)]


@pytest.mark.parametrize(
    "named",
    [
        {"repository": {"full_name": "acme/App"}},
        {"project": {"path_with_namespace": "acme/tools/app"}, "repository": {"name": "The App"}},
        {"repository": {"slug": "app"}},
    ],
)
def test_a_repository_is_known_by_the_end_of_its_address(named: dict[str, object]) -> None:
    (push,) = pushes_of({**GITHUB, **named}, "push").branches
    assert push.repository == "app"
