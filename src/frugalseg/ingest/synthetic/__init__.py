"""Scenes of the built-in data: name in `params.yaml` -> the function that draws it."""

SCENES: dict[str, str] = {
    "defects": "frugalseg.ingest.synthetic.defects:draw",
    "multiclass": "frugalseg.ingest.synthetic.multiclass:draw",
    "particles": "frugalseg.ingest.synthetic.particles:draw",
}
