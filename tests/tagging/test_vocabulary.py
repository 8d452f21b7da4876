from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.tagging import vocabulary
from sidecar.tagging.vocabulary import (
    TagDefinition,
    VocabularyError,
    define_tag,
    parse_vocabulary,
    prompts,
    shipped_vocabulary,
    split_by_knowledge,
    tags_from_argument,
    tags_from_file,
    vocabulary_from_file,
)


def test_the_shipped_vocabulary_is_as_wide_as_it_says() -> None:
    shipped = shipped_vocabulary()
    assert 220 <= len(shipped.tags) <= 260
    assert all(len(tag.phrasings) >= 3 for tag in shipped.tags)
    assert len(shipped.background) >= 60
    assert min(Counter(tag.category for tag in shipped.tags).values()) >= 8
    assert len({tag.category for tag in shipped.tags}) == 12
    assert {"black frame", "title card", "beach", "night", "one person", "coffee", "cat"} <= {
        t.name for t in shipped.tags
    }


def test_shipped_phrasings_are_plain_and_each_speaks_for_one_tag() -> None:
    shipped = shipped_vocabulary()
    phrasings = [phrasing.casefold() for tag in shipped.tags for phrasing in tag.phrasings]
    assert not [p for p, count in Counter([*phrasings, *shipped.background]).items() if count > 1]
    assert not [p for p in phrasings if p.startswith(("a photo of", "an image of"))]
    assert all("{}" in template for template in shipped.templates)


def test_a_vocabulary_is_read_as_written() -> None:
    text = (
        "\ufeff# ours\r\n[templates]\r\na photo of {}\r\n\r\n[Animals]\r\n"
        "  cat : a cat |  a tabby cat\r\nC: the letter C\r\n[Background]\r\na thing: of any kind\r\n"
    )
    parsed = parse_vocabulary(text, "ours.txt")
    assert parsed.tags == (
        TagDefinition("cat", "Animals", ("a cat", "a tabby cat")),
        TagDefinition("C", "Animals", ("the letter C",)),
    )
    assert parsed.background == ("a thing: of any kind",)
    assert parsed.templates == ("a photo of {}",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[A]\n\ncat: a cat\nCAT: a kitten", r"^v\.txt, line 4: tag 'CAT' is already on line 3; keep one of them\.$"),
        ("[A]\ncat a cat", r"^v\.txt, line 2: 'cat a cat' has no colon; write"),
        ("[A]\ncat: a cat | | kitten", "line 2: a phrasing is empty"),
        ("[A]\ncat:", "line 2: a phrasing is empty"),
        ("[A]\n: a cat", "line 2: a tag name is empty"),
        ("[A\ncat: a cat", "line 1: '\\[A' opens a section"),
        ("[ ]\ncat: a cat", "line 1: a category is empty"),
        ("[A]\ncat: a\x00cat", r"line 2: phrasing 'a\\x00cat' holds the control character U\+0000; remove it"),
        ("[A]\nc\u202eat: a cat", r"U\+202E"),
        ("[A]\n" + "c" * 201 + ": a cat", "has 201 characters; at most 200"),
        ("[A]\ncat: " + "c" * 501, "has 501 characters; at most 500"),
        ("[A]\ncat: " + "|".join("c" * 65), "has 65 phrasings; at most 64"),
        ("[templates]\na photo of it", r"line 2: template 'a photo of it' must hold \{\} exactly once"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(VocabularyError, match=message):
        parse_vocabulary(text, "v.txt")


def test_more_tags_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MAX_TAGS", 3)
    assert len(parse_vocabulary("a: a\nb: b\nc: c", "v").tags) == 3
    with pytest.raises(VocabularyError, match="line 4: more than 3 tags"):
        parse_vocabulary("a: a\nb: b\nc: c\nd: d", "v")
    with pytest.raises(VocabularyError, match="4 tags were given; at most 3"):
        tags_from_argument("a, b, c, d")


@given(st.text(max_size=200))
def test_any_text_is_parsed_or_refused_with_its_line(text: str) -> None:
    try:
        parsed = parse_vocabulary(text, "v.txt")
    except VocabularyError as error:
        assert str(error).startswith("v.txt, line ")
    else:
        assert all(tag.name and tag.phrasings for tag in parsed.tags)


def test_tags_from_an_argument_are_their_own_phrasings() -> None:
    assert tags_from_argument(" red car,cat ,, Cat, café") == (
        TagDefinition("red car", "custom", ("red car",)),
        TagDefinition("cat", "custom", ("cat",)),
        TagDefinition("café", "custom", ("café",)),
    )
    with pytest.raises(VocabularyError, match="holds no tag"):
        tags_from_argument(" , ")
    with pytest.raises(VocabularyError, match="control character"):
        tags_from_argument("a\x1bb")


def test_tags_from_a_file_one_a_line_or_in_the_syntax_of_the_vocabulary(tmp_path: Path) -> None:
    path = tmp_path / "tags.txt"
    path.write_text("red car\ncat: a cat | a kitten\n[Places]\nthe pier\n", encoding="utf-8")
    assert tags_from_file(path) == (
        TagDefinition("red car", "custom", ("red car",)),
        TagDefinition("cat", "custom", ("a cat", "a kitten")),
        TagDefinition("the pier", "Places", ("the pier",)),
    )


def test_a_copy_of_the_shipped_vocabulary_is_a_list_of_its_tags() -> None:
    path = Path(vocabulary.__file__).with_name("vocabulary.txt")
    assert tags_from_file(path) == shipped_vocabulary().tags == vocabulary_from_file(path).tags


def test_files_that_are_no_list_of_tags_are_refused(tmp_path: Path) -> None:
    empty, binary, big = tmp_path / "empty.txt", tmp_path / "binary.txt", tmp_path / "big.txt"
    empty.write_text("# nothing\n")
    binary.write_bytes(b"cat\n\xff\xfe")
    with big.open("wb") as file:
        file.truncate(vocabulary.MAX_FILE_BYTES + 1)
    for path, message in [
        (empty, "holds no tag"),
        (binary, "is not UTF-8 text"),
        (big, "at most 8000000 are allowed"),
        (tmp_path, "is not a file"),
        (tmp_path / "missing.txt", "is not a file"),
        (tmp_path / "null\x00byte", "is not a file|cannot be read"),
    ]:
        with pytest.raises(VocabularyError, match=message):
            tags_from_file(path)


def test_a_tag_without_phrasings_is_its_own() -> None:
    assert define_tag(" cat ", "Animals") == TagDefinition("cat", "Animals", ("cat",))
    assert define_tag("e\u0301", "x").name == "\u00e9"


def test_prompts_say_for_which_tag_they_speak() -> None:
    made = prompts([["a cat", "a kitten"], ["{} braces"]], ["a photo of {}", "{}."])
    assert made.texts == (
        "a photo of a cat",
        "a cat.",
        "a photo of a kitten",
        "a kitten.",
        "a photo of {} braces",
        "{} braces.",
    )
    assert made.tag_of == (0, 0, 0, 0, 1, 1)


def test_a_tag_is_judged_if_the_model_knows_half_of_its_phrasings() -> None:
    def knows(texts: Sequence[str]) -> NDArray[np.bool_]:
        return np.array(["cat" in text or "camera" in text for text in texts], dtype=np.bool_)

    cat = define_tag("cat", "Animals", ["a cat", "a tabby cat", "a kitten"])
    vintage = define_tag("vintage", "Style", ["a vintage look", "grainy footage", "an old camera"])
    mood = define_tag("romantic", "Style")
    judged, left_out = split_by_knowledge([cat, vintage, mood], knows)
    assert judged == (TagDefinition("cat", "Animals", ("a cat", "a tabby cat")),)
    assert left_out == (vintage, mood)
    assert split_by_knowledge([], knows) == ((), ())
