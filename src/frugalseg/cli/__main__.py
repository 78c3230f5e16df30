"""`frugalseg COMMAND`, also `python -m frugalseg.cli COMMAND`.

Exit codes: 0 done; 2 wrong arguments or input, told in one message without a traceback; anything
else that goes wrong is a fault of ours, keeps its traceback and ends with 1.
"""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn

from frugalseg.cli import COMMANDS
from frugalseg.cli.command import Command
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup

PROGRAM = "frugalseg"


class OneLineParser(ArgumentParser):
    """A parser whose errors are one line that says where help is."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """Refuse what a command does not know while its own options are at hand."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unknown {' '.join(unknown)}{self._near(unknown[0])}")
        return found, unknown

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message}. Help: {self.prog} --help\n")

    def _near(self, word: str) -> str:
        near = get_close_matches(word, self._option_string_actions, n=1)
        return f" (did you mean {near[0]}?)" if near else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        near = get_close_matches(given[0], COMMANDS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        known = ", ".join(COMMANDS)
        print(f"{PROGRAM}: no command {given[0]!r}.{hint} Known: {known}.", file=sys.stderr)
        return 2
    options = _parser().parse_args(given)
    command: Command = options.command
    try:
        print(command.run(options))
    except FrugalsegError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> ArgumentParser:
    parser = OneLineParser(prog=PROGRAM, description="How few labels does your segmentation need?")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for name in COMMANDS:
        command: Command = lookup(COMMANDS, name, "command")
        one = commands.add_parser(
            name,
            help=command.summary,
            description=command.summary,
            epilog=f"example:\n  {command.example}",
            formatter_class=RawDescriptionHelpFormatter,
        )
        command.arguments(one)
        one.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
