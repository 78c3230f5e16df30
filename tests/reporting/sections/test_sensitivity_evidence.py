from dataclasses import replace
from typing import Any

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.evidence import sensitivity_section


def said(study: Study, p_mixed: float, **contrasts: Any) -> str:
    table = study.table("sensitivity").assign(p_mixed=p_mixed)
    further = {**study.further, "sensitivity": table}
    changed = replace(study, further=further, contrasts=study.contrasts.assign(**contrasts))
    section = sensitivity_section(changed)
    assert section is not None
    return " ".join(section.sentences)


def test_agreement_is_about_the_same_question(study: Study) -> None:
    assert "agrees with the paired t-test" in said(study, 0.01, p_t=0.02)
    assert "differs from the paired t-test" in said(study, 0.01, p_t=0.2)
    assert "(p = 0.010 beside 0.200)" in said(study, 0.01, p_t=0.2)


def test_without_a_mixed_model_the_note_stands_there(study: Study) -> None:
    further = study.table("sensitivity").assign(p_mixed=float("nan"), note="one seed")
    section = sensitivity_section(replace(study, further={"sensitivity": further}))
    assert section is not None
    assert "no mixed model (one seed)" in " ".join(section.sentences)


def test_the_posterior_in_words(study: Study) -> None:
    rope = {"rope_below": 0.02, "rope_inside": 0.18, "rope_above": 0.8}
    text = said(study, 0.5, margin=0.02, **rope)
    assert "gives 2% to a mean lower by more than 0.02, 18% to a difference within 0.02" in text
    assert "gives 80% to a higher mean of entropy" in said(study, 0.5, margin=0.0, **rope)


def test_the_table_has_a_row_a_contrast(study: Study) -> None:
    section = sensitivity_section(study)
    assert section is not None
    assert len(section.tables[0].rows) == len(study.contrasts)
