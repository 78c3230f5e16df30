from dataclasses import replace

import numpy as np

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.evidence import plan_section


def test_a_further_seed_has_its_price_in_words(study: Study) -> None:
    section = plan_section(study)
    assert section is not None
    assert "A further seed of all arms costs about 1.2 core-hours" in section.sentences[0]
    assert "full 0.25" in section.sentences[0]
    assert "all 1.2" not in section.sentences[0]


def test_what_no_number_of_seeds_shows_has_no_price(study: Study) -> None:
    plans = study.table("plans").assign(seeds_for_80=np.inf, core_hours_80=np.inf)
    section = plan_section(replace(study, further={"plans": plans}))
    assert section is not None
    texts = [cell.text for cell in section.tables[0].rows[0]]
    assert "none" in texts
    assert "inf" not in " ".join(texts)
