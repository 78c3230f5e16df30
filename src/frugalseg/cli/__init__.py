"""The command line: `frugalseg COMMAND`. Each command is one file with a `COMMAND` in it.

A command's module imports nothing heavy at its top, since `frugalseg --help` reads them all; what
needs torch imports it in `run`.
"""

COMMANDS = {
    "compare": "frugalseg.cli.compare:COMMAND",
    "export": "frugalseg.cli.export:COMMAND",
    "masks": "frugalseg.cli.masks:COMMAND",
    "power": "frugalseg.cli.power:COMMAND",
    "predict": "frugalseg.cli.predict:COMMAND",
    "restore": "frugalseg.cli.restore:COMMAND",
    "suggest": "frugalseg.cli.suggest:COMMAND",
    "verify": "frugalseg.cli.verify:COMMAND",
}
