import io

import pytest

from frugalseg.pipeline.progress import EVERY, Progress, ProgressWriter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_run_by_hand() -> None:
    progress = Progress({"train": 4, "plot": 1}, 100.0)
    assert progress.line(100.0) == "0 of 5 jobs done"
    progress.begin(1, "train", "train full/0/0", 100.0)
    progress.begin(2, "train", "train full/1/0", 100.0)
    assert progress.line(101.0) == "0 of 5 jobs done; running: train full/0/0, train full/1/0"
    progress.end(1, 110.0)
    # Left: 3 trainings of 10 s and a plot as long as the mean job; 10 s of them are over. Two ran
    # side by side all the time.
    assert progress.seconds_left(110.0) == pytest.approx((3 * 10 + 10 - 10) / 2)
    assert progress.line(110.0) == "1 of 5 jobs done; running: train full/1/0; about 15 s left"
    progress.end(2, 110.0)
    for job in (3, 4, 5):
        progress.begin(job, "plot" if job == 5 else "train", f"job {job}", 110.0)
    assert "running: job 3, job 4 and 1 more" in progress.line(111.0)
    for job in (3, 4, 5):
        progress.end(job, 120.0)
    assert progress.line(120.0) == "5 of 5 jobs done"
    assert progress.done


def test_a_job_that_failed_is_not_done() -> None:
    progress = Progress({"train": 2}, 0.0)
    progress.begin(1, "train", "train a", 0.0)
    progress.end(1, 5.0, done=False)
    assert progress.line(5.0) == "0 of 2 jobs done"
    progress.begin(1, "train", "train a", 5.0)  # tried again
    progress.end(1, 9.0)
    assert progress.line(9.0).startswith("1 of 2 jobs done; about")


@pytest.mark.parametrize(("seconds", "words"), [(80, "80 s"), (600, "10 min"), (7200, "2.0 h")])
def test_time_left_in_words(seconds: float, words: str) -> None:
    progress = Progress({"train": 2}, 0.0)
    progress.begin(1, "train", "a", 0.0)
    progress.end(1, seconds)
    assert progress.line(seconds).endswith(f"about {words} left")


def test_a_file_gets_a_line_now_and_then() -> None:
    stream = io.StringIO()
    writer = ProgressWriter(stream)
    for now in (0.0, 1.0, EVERY - 1, EVERY):
        writer.write(f"at {now:.0f}", now)
    writer.write("end", EVERY + 1, is_last=True)
    writer.write_message("Error in rule a:\n  whole")
    expected = ["at 0", f"at {EVERY:.0f}", "end", "Error in rule a:", "  whole"]
    assert stream.getvalue().splitlines() == expected


def test_a_terminal_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "11")
    stream = Terminal()
    writer = ProgressWriter(stream)
    writer.write("0123456789abcdef", 0.0)
    writer.write_message("a long message stays whole")
    writer.write("end", 1.0, is_last=True)
    clear = "\r\x1b[K"
    said = f"{clear}0123456789{clear}a long message stays whole\n{clear}end\n"
    assert stream.getvalue() == said
