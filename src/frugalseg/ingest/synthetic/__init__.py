"""Scenes of the built-in data: name in `params.yaml` -> the function that draws it."""

SCENES: dict[str, str] = {
    "defects": "frugalseg.ingest.synthetic.surfaces:draw_defects",
    "multiclass": "frugalseg.ingest.synthetic.surfaces:draw_multiclass",
    "particles": "frugalseg.ingest.synthetic.particles:draw",
}
