from dataclasses import replace

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.evidence import new_image_section, posterior_section


def test_the_table_has_a_row_a_contrast(study: Study) -> None:
    section = new_image_section(study)
    assert section is not None
    assert len(section.tables[0].rows) == len(study.contrasts)
    assert "further seeds on these 10 test images" in section.sentences[0]


def test_without_the_table_there_is_no_section(study: Study) -> None:
    assert new_image_section(replace(study, further={})) is None


def test_the_posterior_in_words(study: Study) -> None:
    def said(margin: float) -> str:
        rope = {"rope_below": 0.02, "rope_inside": 0.18, "rope_above": 0.8, "margin": margin}
        section = posterior_section(replace(study, contrasts=study.contrasts.assign(**rope)))
        assert section is not None
        return " ".join(section.sentences)

    text = said(0.02)
    assert "gives 2% to a mean lower by more than 0.02, 18% to a difference within 0.02" in text
    assert "gives 80% to a higher mean of entropy" in said(0.0)


def test_no_posterior_no_section(study: Study) -> None:
    flat = study.contrasts.assign(rope_below=float("nan"))
    assert posterior_section(replace(study, contrasts=flat)) is None
