"""The sections of `params.yaml` as typed, checked values, which the library takes as they are.

Nothing here knows a registry or imports torch: names of networks, losses and the like are plain
strings, which `frugalseg.params` checks.
"""
