from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.pipeline import start
from frugalseg.provenance import workflow
from frugalseg.provenance.records import Records


def test_outputs_without_any_record_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    metrics = Path("results/one/metrics.json")  # which git brings into every clone
    metrics.parent.mkdir(parents=True)
    metrics.write_text("{}")
    Path("data/raw/one").mkdir(parents=True)
    Path("data/raw/one/archive.zip").write_text("by hand")
    start.refuse_unrecorded()
    model = Path("results/one/train/full/model.safetensors")
    model.parent.mkdir(parents=True)
    model.write_text("of whom?")
    with pytest.raises(FrugalsegError, match=r"model.safetensors.*Run `frugalseg restore`"):
        start.refuse_unrecorded()
    monkeypatch.setenv(workflow.INSPECTING, "1")
    with pytest.raises(FrugalsegError, match=r"params\.yaml"):
        start.start_workflow([], {}, is_main_process=True)
    monkeypatch.delenv(workflow.INSPECTING)
    with pytest.raises(FrugalsegError, match="no records"):
        start.start_workflow([], {}, is_main_process=True)
    Records().write("a", {"rule": "train"})
    start.refuse_unrecorded()
