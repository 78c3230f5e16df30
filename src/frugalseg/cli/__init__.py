"""The command line, `frugalseg COMMAND`; each command is the module of its name.

A command's module has a docstring (its summary and an example, which `--help` shows), a function
`add_arguments(parser)` if it takes any, and `run(options)`, which returns the text to print. It
imports nothing heavy at its top, because `frugalseg --help` imports all of them.
"""
