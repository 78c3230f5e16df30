"""The sections of `params.yaml` as typed, validated values, which the library takes as they are.

Nothing here imports torch or a registry: names of networks, losses and the like are plain strings,
which `frugalseg.params` looks up.
"""
