from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugin.analysis.paths import (
    PathRule,
    PathRuleError,
    best_rules,
    is_absolute,
    is_windows,
    map_path,
    parse_rules,
    suggest_rule,
)


@pytest.mark.parametrize(
    ("rules", "path", "mapped"),
    [
        # Docker: the container's folder is another one outside.
        ("/data => /mnt/media", "/data/films/a b.mp4", "/mnt/media/films/a b.mp4"),
        ("/data/ => /mnt/media/", "/data/a.mp4", "/mnt/media/a.mp4"),
        ("/data => /", "/data/a.mp4", "/a.mp4"),
        ("/ => /host", "/data/a.mp4", "/host/data/a.mp4"),
        # Only whole folders, only at the beginning.
        ("/data => /mnt", "/database/a.mp4", "/database/a.mp4"),
        ("/data => /mnt", "/x/data/a.mp4", "/x/data/a.mp4"),
        ("/data => /mnt", "/data", "/mnt"),
        ("/data => /mnt", "/Data/a.mp4", "/Data/a.mp4"),
        # The nearest rule, wherever it stands.
        ("/data => /one; /data/films => /two", "/data/films/a.mp4", "/two/a.mp4"),
        ("/data/films => /two\n/data => /one", "/data/shows/a.mp4", "/one/shows/a.mp4"),
        # WSL and a container under Windows.
        (r"C:\Videos => /mnt/c/Videos", r"C:\Videos\2024\a.mp4", "/mnt/c/Videos/2024/a.mp4"),
        (r"c:/videos => /mnt/c/Videos", r"C:\Videos\a.mp4", "/mnt/c/Videos/a.mp4"),
        (r"D:\ => /mnt/d", r"D:\a.mp4", "/mnt/d/a.mp4"),
        (r"D: => /mnt/d", r"D:\x\a.mp4", "/mnt/d/x/a.mp4"),
        ("/data => C:\\Videos", "/data/x/a.mp4", r"C:\Videos\x\a.mp4"),
        ("/data => C:/Videos", "/data/x/a.mp4", "C:/Videos/x/a.mp4"),
        ("/data => E:", "/data/x/a.mp4", r"E:\x\a.mp4"),
        # Shares.
        (r"\\nas\media => /mnt/nas", r"\\NAS\Media\x\a.mp4", "/mnt/nas/x/a.mp4"),
        (r"/mnt/nas => \\nas\media", "/mnt/nas/x/a.mp4", r"\\nas\media\x\a.mp4"),
        ("//nas/media => /mnt/nas", r"\\nas\media\a.mp4", "/mnt/nas/a.mp4"),
        (r"\\nas\media => /mnt/nas", r"\\nas\media2\a.mp4", r"\\nas\media2\a.mp4"),
        (r"\\nas\media\films => /mnt/films", r"\\nas\media\films\a.mp4", "/mnt/films/a.mp4"),
        # Slashes as they are asked for.
        ("/data => C:/Videos [windows]", "/data/x/a.mp4", r"C:\Videos\x\a.mp4"),
        (r"/data => C:\Videos [unix]", "/data/x/a.mp4", "C:/Videos/x/a.mp4"),
        (r"/data => \\nas\media [UNIX]", "/data/x/a.mp4", "//nas/media/x/a.mp4"),
        ("/data => /mnt [auto]", "/data/x/a.mp4", "/mnt/x/a.mp4"),
        # Odd names.
        ("/data => /media/[HD]", "/data/a.mp4", "/media/[HD]/a.mp4"),
        ("/data/[unix] films => /films", "/data/[unix] films/a.mp4", "/films/a.mp4"),
        ("/data => /mnt", r"/data/back\slash.mp4", r"/mnt/back\slash.mp4"),
        ("/data=>/mnt", "/data/a=b.mp4", "/mnt/a=b.mp4"),
        ("/data => /mnt", "/data//x///a.mp4", "/mnt/x/a.mp4"),
        ("/däta => /mnt", "/däta/ü.mp4", "/mnt/ü.mp4"),
        ("", "/data/a.mp4", "/data/a.mp4"),
        (" ;\n ; ", r"C:\a.mp4", r"C:\a.mp4"),
    ],
)
def test_mapping(rules: str, path: str, mapped: str) -> None:
    assert map_path(path, parse_rules(rules)) == mapped


def test_rules_are_read_longest_first_and_written_as_they_are_read() -> None:
    text = r"/data => /one; /data/films => D:\films [windows]; C:\x => /x"
    rules = parse_rules(text)
    assert rules == (
        PathRule("/data/films", r"D:\films", "windows"),
        PathRule("/data", "/one"),
        PathRule(r"C:\x", "/x"),
    )
    assert parse_rules(";".join(map(str, rules))) == rules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/data", "'/data' is no path mapping; write: /path/in/stash => /path/of/sidecar"),
        ("/data -> /mnt", "is no path mapping"),
        ("/data => ", "is no path mapping"),
        (" => /mnt", "is no path mapping"),
        ("/a => /b => /c", "is no path mapping"),
        ("data => /mnt", "both sides of a path mapping must be absolute"),
        ("/data => mnt", "both sides of a path mapping must be absolute"),
        ("C:data => /mnt", "absolute"),
        ("/a => /b; nonsense", "'nonsense'"),
    ],
)
def test_what_is_no_rule_is_said(text: str, said: str) -> None:
    with pytest.raises(PathRuleError) as caught:
        parse_rules(text)
    assert said in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_rules_or_a_sentence(text: str) -> None:
    try:
        rules = parse_rules(text)
    except PathRuleError as error:
        assert str(error)
        return
    assert map_path("/data/a.mp4", rules)


def test_windows_paths_are_told_by_drive_or_share() -> None:
    assert [is_windows(path) for path in (r"C:\x", "c:/x", "C:", r"\\nas\x", "//nas/x", "/x", "x", "C:x", "")] == [
        *[True] * 5,
        *[False] * 4,
    ]
    assert [is_absolute(path) for path in ("/x", r"C:\x", "x", "./x", "~/x")] == [True, True, False, False, False]


NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" ._-()[]"), min_size=1, max_size=8).filter(
    lambda name: name.strip(" .") == name
)
ROOTS = st.sampled_from(["/", "C:\\", "d:\\", "\\\\nas\\media"])


def path_of(root: str, names: list[str]) -> str:
    slash = "/" if root == "/" else "\\"
    return root.rstrip("/\\") + slash + slash.join(names)


@given(ROOTS, ROOTS, st.lists(NAMES, max_size=3), st.lists(NAMES, max_size=3), st.lists(NAMES, min_size=1, max_size=3))
def test_a_suggested_rule_maps_the_one_path_to_the_other(
    one_root: str, other_root: str, one: list[str], other: list[str], common: list[str]
) -> None:
    stash_path, sidecar_path = path_of(one_root, one + common), path_of(other_root, other + common)
    rule = suggest_rule(stash_path, sidecar_path)
    if rule is None:
        assert stash_path == sidecar_path
        return
    assert map_path(stash_path, [rule]) == sidecar_path
    assert map_path(stash_path, parse_rules(str(rule))) == sidecar_path
    # The shortest one: what lies beside the file is mapped as well.
    beside = path_of(one_root, [*one, *common[:-1], "other.mp4"])
    assert map_path(beside, [rule]) == path_of(other_root, [*other, *common[:-1], "other.mp4"])


@given(ROOTS, st.lists(NAMES, min_size=1, max_size=4))
def test_no_rule_is_needed_for_what_is_the_same(root: str, names: list[str]) -> None:
    path = path_of(root, names)
    assert suggest_rule(path, path) is None
    assume(names[-1] != "other.mp4")
    assert suggest_rule(path, path_of("/", [*names[:-1], "other.mp4"])) is None


@pytest.mark.parametrize(
    ("stash_path", "sidecar_path", "rule"),
    [
        ("/data/films/a.mp4", "/mnt/media/films/a.mp4", "/data => /mnt/media"),
        ("/data/a.mp4", "/data/films/a.mp4", "/data => /data/films"),
        ("/a.mp4", "/mnt/a.mp4", "/ => /mnt"),
        (r"C:\Videos\x\a.mp4", "/mnt/c/Videos/x/a.mp4", r"C:\ => /mnt/c"),
        (r"C:\Videos\x\a.mp4", "/media/videos/x/a.mp4", r"C:\Videos => /media/videos"),
        ("/media/videos/a.mp4", r"D:\Media\Videos\A.MP4", "/ => D:\\"),
        (r"\\nas\media\x\a.mp4", "/mnt/x/a.mp4", r"\\nas\media => /mnt"),
        (r"C:\x\A.mp4", "/x/a.mp4", "None"),  # Linux would not find it by that name
        ("/x/a.mp4", "/x/b.mp4", "None"),
    ],
)
def test_suggestions(stash_path: str, sidecar_path: str, rule: str) -> None:
    assert str(suggest_rule(stash_path, sidecar_path)) == rule


def test_the_rule_that_explains_most_comes_first() -> None:
    pairs = [
        ("/data/a.mp4", "/mnt/a.mp4"),
        ("/data/x/b.mp4", "/mnt/x/b.mp4"),
        ("/other/c.mp4", "/mnt2/c.mp4"),
        ("/same/d.mp4", "/same/d.mp4"),
        ("/no/e.mp4", "/no/f.mp4"),
    ]
    assert [(str(rule), count) for rule, count in best_rules(pairs)] == [
        ("/data => /mnt", 2),
        ("/other => /mnt2", 1),
    ]
    assert best_rules([]) == []
