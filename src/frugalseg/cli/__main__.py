"""`frugalseg COMMAND`, also `python -m frugalseg.cli COMMAND`.

Exit codes: 0 done; 2 wrong arguments or input, with one message and no traceback; 1 a bug, with its
traceback.
"""

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from keyword import iskeyword
from typing import NoReturn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check

PROGRAM = "frugalseg"
COMMANDS = (
    "compare",
    "decide",
    "export",
    "forecast",
    "import",
    "masks",
    "power",
    "predict",
    "quick",
    "restore",
    "suggest",
    "verify",
)


class OneLineParser(ArgumentParser):
    """A parser whose errors are one line that names the help."""

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """Refuse unknown arguments, and suggest an option of this very command."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            near = get_close_matches(unknown[0], self._option_string_actions, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            self.error(f"unknown {' '.join(unknown)}{hint}")
        return options, unknown

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"{self.prog}: {message}. Help: {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    # before numpy is loaded: its threads would only wait for work beside those of torch
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and not words[0].startswith("-"):
            check(dict.fromkeys(COMMANDS), words[0], "command")
        options = _parser().parse_args(words)
        print(options.run(options))
    except FrugalsegError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    return 0


def module_of(command: str) -> str:
    """Return the name of the module of a command; `import` is no name in Python."""
    return f"frugalseg.cli.{command}{'_' if iskeyword(command) else ''}"


def _parser() -> ArgumentParser:
    parser = OneLineParser(prog=PROGRAM, description="How few labels does your segmentation need?")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for name in COMMANDS:
        module = import_module(module_of(name))
        summary, _, example = str(module.__doc__).partition("\n\n")
        command = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=example,
            formatter_class=RawDescriptionHelpFormatter,
        )
        if hasattr(module, "add_arguments"):
            module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
