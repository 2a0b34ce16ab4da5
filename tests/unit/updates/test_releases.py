from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.updates.releases import Release, UnreadableFeed, is_newer, newest_of

NOTES = "https://git.example/notes"


def newest(feed: Any, current: str = "0.1.0") -> Release:
    return newest_of(json.dumps(feed).encode(), current)


def test_one_release_or_a_list_of_them_in_any_order() -> None:
    assert newest({"version": "0.2.0", "notes": NOTES}) == Release("0.2.0", NOTES)
    assert newest([{"tag_name": f"v{v}", "html_url": NOTES} for v in ("0.9.0", "0.10.0", "0.2.0")]) == Release(
        "0.10.0", NOTES
    )


def test_drafts_and_previews_are_for_those_who_have_one() -> None:
    feed = [
        {"version": "0.5.0", "draft": True},
        {"version": "0.4.0", "prerelease": True},
        {"version": "0.3.0rc1"},
        {"version": "0.2.0"},
    ]
    assert newest(feed).version == "0.2.0"
    assert newest(feed, "0.2.0rc1").version == "0.4.0"


@pytest.mark.parametrize(
    "strange", [None, 3, "", "latest", "1.0.0; rm -rf /", "９.9", "1." * 500 + "1", ["2.0"], {"a": 1}, "1.0<b>"]
)
def test_a_strange_version_does_not_spoil_the_others(strange: object) -> None:
    assert newest([{"version": strange}, {"version": "0.2.0"}, "text", None, 7]).version == "0.2.0"
    with pytest.raises(UnreadableFeed, match="no released version"):
        newest([{"version": strange}])


@pytest.mark.parametrize(
    "notes", ["http://git.example/", "javascript:alert(1)", "file:///etc/passwd", 5, None, "x" * 9]
)
def test_notes_that_cannot_be_shown_are_left_out(notes: object) -> None:
    assert newest({"version": "2", "notes": notes}) == Release("2", "")


@pytest.mark.parametrize("feed", [b"", b"<html>", b"[" * 100_000, b"\xff\xfe", b'{"version": ' + b"9" * 10_000 + b"}"])
def test_what_is_no_json_is_told(feed: bytes) -> None:
    with pytest.raises(UnreadableFeed):
        newest_of(feed, "0.1.0")


@pytest.mark.parametrize("feed", [{}, [], "1.0", 5, None, [[{"version": "1"}]]])
def test_json_of_another_form_is_told(feed: object) -> None:
    with pytest.raises(UnreadableFeed, match="no released version"):
        newest(feed)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["version", "tag_name", "notes", "draft"]), x),
    )
)
def test_any_json_is_a_release_or_unreadable(feed: Any) -> None:
    with contextlib.suppress(UnreadableFeed):
        assert newest(feed).version


def test_versions_are_compared_as_versions() -> None:
    assert is_newer("0.10.0", "0.9.0") and is_newer("1.0", "1.0rc1") and is_newer("1!0.1", "9.0")
    assert not is_newer("0.1", "0.1.0") and not is_newer("0.1.0", "0.2.0") and not is_newer("strange", "0.1.0")
