import subprocess
import sys
from argparse import ArgumentParser
from importlib import import_module

import pytest

from frugalseg.cli import __main__ as program
from frugalseg.cli.__main__ import COMMANDS, module_of


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        program.main(["--help"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert all(name in text for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_whole_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = import_module(module_of(name))
    summary, example = str(module.__doc__).split("\n\n")
    with pytest.raises(SystemExit) as left:
        program.main([name, "--help"])
    text = capsys.readouterr().out
    assert left.value.code == 0
    assert summary in " ".join(text.split())
    assert example.strip() in text
    parser = ArgumentParser()
    if hasattr(module, "add_arguments"):
        module.add_arguments(parser)
    assert not [action.dest for action in parser._actions if not action.help]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "frugalseg: the following arguments are required: COMMAND. Help: frugalseg --help"),
        (["pwoer"], "frugalseg: Unknown command 'pwoer'. Did you mean 'power'? Known: "),
        (["power", "--seed", "x"], "frugalseg power: argument --seeds: expected a whole number"),
        (["power", "--spraed=1"], "frugalseg power: unknown --spraed=1 (did you mean --spread?)"),
        (
            ["power", "--spread", "-1"],
            "frugalseg power: argument --spread: expected a number above",
        ),
        (["power", "--params", "nowhere.yaml"], "frugalseg: nowhere.yaml cannot be read"),
        (
            ["predict"],
            "frugalseg predict: the following arguments are required: IMAGE, --model, --out. Help:",
        ),
        (
            ["predict", "a.png", "--model", "m", "--out", "o", "--tile", "32", "30"],
            "frugalseg predict: argument --tile: expected a multiple of 32, found '30'",
        ),
        (
            ["predict", "a.png", "--model", "m", "--out", "o", "--threshhold", "0.5"],
            "frugalseg predict: unknown --threshhold 0.5 (did you mean --threshold?)",
        ),
        (
            ["predict", "nowhere/*.png", "--model", "m", "--out", "o"],
            "frugalseg: nothing matches 'nowhere/*.png'. Name files, folders or another pattern.",
        ),
        (
            ["predict", "a.png", "--model", "nowhere", "--out", "o"],
            "frugalseg: nowhere: expected a model file, found none",
        ),
        (
            ["suggest", "--model", "m", "--images", "d", "--out", "o", "--n", "0"],
            "frugalseg suggest: argument --n: expected a whole number from 1 on, found '0'",
        ),
        (
            ["suggest", "--model", "m", "--images", "nowhere", "--out", "o"],
            "frugalseg: nowhere: expected a folder of images, found none",
        ),
        (
            ["export", "--model", "m"],
            "frugalseg export: the following arguments are required: --onnx. Help:",
        ),
    ],
)
def test_a_wrong_argument_is_one_helpful_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code: object = program.main(arguments)
    except SystemExit as left:
        code = left.code
    found = capsys.readouterr()
    assert code == 2
    assert found.out == ""
    assert found.err.startswith(message)
    assert len(found.err.splitlines()) == 1


def test_help_loads_nothing_heavy() -> None:
    text = (
        "import sys; from frugalseg.cli.__main__ import _parser; _parser(); "
        "print({'torch', 'snakemake', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
