from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.config_file import ConfigFile, merged, read_config


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "params.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(folder: Path, content: str | bytes) -> str:
    path = written(folder, content)
    with pytest.raises(FrugalsegError) as error:
        read_config(path)
    return str(error.value).replace(str(path), "params.yaml")


def test_plain_values_anchors_and_merges(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: [2, null]}\nb: {<<: *a, x: 3}\nc: *a\nd: 1e-3\ne: -2.5E+1\n"
    assert read_config(written(tmp_path, text)).values == {
        "a": {"x": 1, "y": [2, None]},
        "b": {"x": 3, "y": [2, None]},
        "c": {"x": 1, "y": [2, None]},
        "d": 0.001,
        "e": -25.0,
    }


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, b"\xef\xbb\xbfa: 1\n")).values == {"a": 1}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "models:\n  one: 1\n  two: {p: 1}\n  one: 3\n",
            "params.yaml, line 4: models.one is already on line 2. Remove or rename one of the two",
        ),
        ("a:\n- {x: 1,\n   x: 2}\n", "line 3: a.0.x is already on line 2."),
        ("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", "line 4: b.<< is already on line 3."),
        ('a: 1\n"a": 2\n', "line 2: a is already on line 1."),
        ("a:\n\tb: 1\n", "params.yaml, line 2: found a tab. Replace it with spaces."),
        ("a: 1\nb:\t2\n", "params.yaml, line 2: found a tab."),
        (b"a: 1\nb: M\xfcller\n", "line 2: expected UTF-8, found the byte 0xfc."),
        (
            "datasets:\n  yours:\n    source: file: my-images\n",
            "params.yaml, line 3: found a second ': ' in a value. Put quotes",
        ),
        ("a: [1\n", "params.yaml, line 2: did not find expected ',' or ']'"),
        ("a: \x01\n", "params.yaml, line 1: unacceptable character"),
        ("a: 1\n---\nb: 2\n", "params.yaml, line 2: but found another document"),
        ("a: *b\n", "params.yaml, line 1: found undefined alias"),
        ("a: !!python/name:os.system\n", "line 1: could not determine a constructor"),
        ("? [a]\n: 1\n", "params.yaml, line 1: found unhashable key"),
        ("", "params.yaml is empty"),
        ("# nothing\n", "params.yaml is empty"),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert expected in refusal(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("run: [no]\n", "line 1: YAML 1.1 reads 'no' without quotes as false: write false"),
        ("models:\n  on: 1\n", "line 2: YAML 1.1 reads 'on' without quotes as true"),
        ("a: Off\n", "YAML 1.1 reads 'Off' without quotes as false"),
        ("seeds: 010\n", "YAML 1.1 reads '010' without quotes as the number 8: write that"),
        ("a: 0b11\n", "YAML 1.1 reads '0b11' without quotes as the number 3"),
        ("a: 1:30\n", "YAML 1.1 reads '1:30' without quotes as the number 90"),
        ("run: [2026-11-29]\n", "YAML 1.1 reads '2026-11-29' without quotes as a date"),
    ],
)
def test_a_text_that_yaml_takes_for_something_else_needs_quotes(
    tmp_path: Path, content: str, expected: str
) -> None:
    assert expected in refusal(tmp_path, content)


def test_quotes_and_what_both_versions_read_alike_pass(tmp_path: Path) -> None:
    text = 'a: \'no\'\nb: "010"\nc: true\nd: FALSE\ne: 0x1F\nf: 0\ng: -7\nh: "x\ty"\n'
    values = read_config(written(tmp_path, text)).values
    assert values == {
        "a": "no", "b": "010", "c": True, "d": False, "e": 31, "f": 0, "g": -7, "h": "x\ty"
    }  # fmt: skip


def test_every_problem_of_a_file_is_named(tmp_path: Path) -> None:
    told = refusal(tmp_path, "a: 1\na: no\nb: 010\n").splitlines()
    assert [line.split(":")[0] for line in told] == [
        "params.yaml, line 2", "params.yaml, line 2", "params.yaml, line 3"
    ]  # fmt: skip


def test_aliases_of_aliases_are_refused_before_they_are_written_out(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 100000 values" in refusal(tmp_path, "\n".join(lines))
    assert "more than 100000 values" in refusal(tmp_path, "a: &a\n  b: *a\n")


@pytest.mark.parametrize("text", ["[" * 20_000, "{a: " * 20_000, "- " * 20_000])
def test_deep_nesting_is_refused_and_does_not_end_the_process(tmp_path: Path, text: str) -> None:
    assert "line 1: nested more than 50 levels deep" in refusal(tmp_path, text)


def test_a_missing_file_and_a_folder_name_themselves(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=r"none\.yaml cannot be read: No such file"):
        read_config(tmp_path / "none.yaml")
    with pytest.raises(FrugalsegError, match="cannot be read: Is a directory"):
        read_config(tmp_path)


def places(file: ConfigFile, *keys: str | int) -> tuple[int, str]:
    depth, place = file.place(keys)
    return depth, place.removeprefix(f"{file.path}, ")


def test_the_place_of_a_value_is_the_line_of_its_key(tmp_path: Path) -> None:
    text = "top:\n  one: &one\n    x: 1\n  two:\n    <<: *one\n    y:\n      - 5\n      - 6\n"
    file = read_config(written(tmp_path, text))
    assert places(file, "top") == (1, "line 1")
    assert places(file, "top", "one", "x") == (3, "line 3")
    assert places(file, "top", "two", "x") == (3, "line 3")  # merged: where it is written
    assert places(file, "top", "two", "y", 1) == (4, "line 8")
    assert places(file, "top", "two", "z") == (2, "line 4")
    assert places(file, "nothing") == (0, "line 1")


def test_mappings_are_merged_key_by_key_and_all_else_is_replaced() -> None:
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    over = {"a": {"y": [3]}, "c": {"z": 0}}
    assert merged(base, over) == {"a": {"x": 1, "y": [3]}, "b": 1, "c": {"z": 0}}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 1}
