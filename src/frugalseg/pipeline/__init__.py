"""From `params.yaml` to a run of the workflow: rule parameters, code digests, the entry for DVC."""
