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


def test_a_report_is_in_the_metric_of_the_first_contrast() -> None:
    document = {**DOCUMENT, "contrasts": {"glas": [{"a": "bald", "b": "random", "metric": "iou"}]}}
    params = Params.model_validate(document)
    assert params.report_metric("glas") == "iou"
    assert params.report_metric("builtin") == "dice"
    chosen = Params.model_validate({**document, "report": {"metric": "object_f1"}})
    assert chosen.report_metric("glas") == "object_f1"
