import pytest

from frugalseg.reporting import wording
from frugalseg.statistics.verdict import Verdict

NAN = float("nan")


def test_scores_and_differences() -> None:
    assert wording.score(0.61251) == "0.613"
    assert wording.score(NAN) == "–"
    assert wording.signed(-0.0184) == "−0.018"
    assert wording.signed(0.05) == "+0.050"
    assert wording.interval(0.1, 0.25) == "[0.100, 0.250]"
    assert wording.interval(-0.1, 0.25, sign=True) == "[−0.100, +0.250]"
    assert wording.interval(NAN, NAN) == ""


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.3, "30%"), (1.0, "100%"), (0.0138, "1.4%"), (0.0996, "10%"), (0.0, "0%"), (NAN, "–")],
)
def test_percent(share: float, text: str) -> None:
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("number", "text"), [(48, "48"), (48.4, "48.4"), (12000.0, "12,000"), (47.98, "48"), (NAN, "–")]
)
def test_count(number: float, text: str) -> None:
    assert wording.count(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(60, "60 s"), (120, "2 min"), (5399, "90 min"), (9000, "2.5 h")]
)
def test_duration(seconds: float, text: str) -> None:
    assert wording.duration(seconds) == text


def test_p_values() -> None:
    assert wording.p_value(0.00049) == "<\u00a00.001"
    assert wording.p_value(0.0444) == "0.044"


def test_words() -> None:
    assert wording.metric_label("dice_pooled") == "Dice, pooled"
    assert wording.metric_label("my_metric") == "my metric"
    assert wording.metric_note("iou_pooled") == "all test pixels counted together"
    assert wording.metric_note("nll_scaled") == (
        "negative log-likelihood of a pixel's true class, nats; after temperature scaling; "
        "lower is better"
    )
    assert wording.metric_note("my_metric") == ""
    assert wording.shorten("abcdef", 4) == "abc…"
    assert wording.readable(0.0137950570) == "0.0138"
    assert wording.readable(True) == "yes"
    glyphs = {verdict: wording.verdict_glyph(verdict) for verdict in Verdict}
    assert glyphs.pop(Verdict.CANNOT) == glyphs[Verdict.UNDECIDED]
    assert len({*glyphs.values(), wording.verdict_glyph("a new word")}) == len(glyphs) + 1


def test_p_values_in_a_sentence() -> None:
    assert wording.p_is(0.0123) == "p = 0.012"
    assert wording.p_is(0.0001) == "p <\u00a00.001"
    assert wording.p_is(float("nan")) == "p = –"
