from workflow_project import ROOT

from frugalseg.params import Params, read_config

DOCUMENT = read_config(ROOT / "params.yaml").values


def test_a_data_set_named_like_a_reader_needs_no_reader() -> None:
    params = Params.model_validate(DOCUMENT)
    assert params.datasets["glas"].reader == "glas"
    assert params.datasets["yours"].reader == "folder"


def test_seeds_are_a_number_or_a_list() -> None:
    assert Params.model_validate({**DOCUMENT, "seeds": 3}).seed_list == [0, 1, 2]
    assert Params.model_validate({**DOCUMENT, "seeds": [4, 7]}).seed_list == [4, 7]
