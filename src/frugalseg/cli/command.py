"""What a command is made of."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One command of `frugalseg`.

    Attributes:
        summary: one line, for the list of commands and at the top of the command's own help.
        arguments: adds the command's arguments to its parser.
        run: does the work and returns the text to print; raises `FrugalsegError` for what the user
            can put right.
        example: a command line that works, shown under the help.
    """

    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], str]
    example: str
