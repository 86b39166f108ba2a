"""The whole round after each story: nothing is changed by the way."""

import pytest

from rounds.kept import FILE, HEAD, STORIES, kept

TEXT = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_what_is_kept(path):
    told = kept(path)
    lines = TEXT.splitlines()
    begin = lines.index(told[0])
    assert lines[begin : begin + len(told)] == told


def test_every_story_is_kept_once():
    named = [line for line in TEXT.removeprefix(HEAD).splitlines() if line and not line.startswith(" ")]
    assert named == [path.stem for path in STORIES]
