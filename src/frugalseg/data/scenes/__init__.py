"""Scenes of the built-in data: name in `params.yaml` -> the function that draws it."""

SCENES: dict[str, str] = {
    "defects": "frugalseg.data.scenes.defects:draw",
    "multiclass": "frugalseg.data.scenes.multiclass:draw",
    "particles": "frugalseg.data.scenes.particles:draw",
}
