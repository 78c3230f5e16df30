from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.others import other_arms
from frugalseg.reporting.sections.answer import findings


def test_every_gray_arm_says_what_it_reached_and_what_was_decided(study: Study) -> None:
    others = {other.arm: other for other in other_arms(study, list(findings(study)))}
    assert list(others) == ["entropy", "mean_teacher"]
    assert [study.arms[other.number] for other in others.values()] == list(others)
    mean = study.points.query("arm == 'entropy'")["mean"].iloc[-1]
    note = others["entropy"].note
    assert note.startswith(f"entropy (labels by image): Dice {mean:.3f} [")
    assert "for 6 images." in note
    assert " entropy" in note.partition("images.")[2]
    assert "(semi-supervised)" in others["mean_teacher"].note
