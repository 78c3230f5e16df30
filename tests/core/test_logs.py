import logging
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.core.logs import job, usage_file


def test_messages_go_to_the_job_s_file(tmp_path: Path) -> None:
    with job(str(tmp_path / "deep" / "job.log")):
        logging.getLogger("frugalseg.training.loop").info("step 1")
    assert "step 1" in (tmp_path / "deep" / "job.log").read_text()
    assert not logging.getLogger("frugalseg").handlers
    used = read_json(usage_file(tmp_path / "deep" / "job.log"))
    assert 10 < used["peak_memory_mib"] < 1e6


def test_a_fault_of_the_input_is_one_message_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, job(str(tmp_path / "job.log")):
        raise FrugalsegError("expected this, found that")
    assert end.value.code == 1
    assert "ERROR: expected this, found that" in capsys.readouterr().err
    text = (tmp_path / "job.log").read_text()
    assert "expected this" in text
    assert "Traceback" not in text


def test_a_warning_is_printed_and_logged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with job(str(tmp_path / "job.log")):
        logging.getLogger("frugalseg.stages.prepare").warning("3 masks came out empty")
        logging.getLogger("frugalseg.stages.prepare").info("160 images found")
    assert capsys.readouterr().err == "\nWARNING: 3 masks came out empty\n\n"
    assert (tmp_path / "job.log").read_text().count("3 masks came out empty") == 1


def test_a_fault_of_ours_keeps_its_traceback(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), job(str(tmp_path / "job.log")):
        _ = 1 / 0
    assert "Traceback" in (tmp_path / "job.log").read_text()
