from dataclasses import replace

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.evidence import evidence


def test_every_part_has_something_to_say(study: Study) -> None:
    parts = evidence(study)
    assert [part.key for part in parts] == "standing sensitivity budgets ranking plans".split()  # noqa: SIM905
    assert all(part.sentences for part in parts)


def test_a_study_without_contrasts_or_tables_has_no_parts(study: Study) -> None:
    empty = replace(study, contrasts=study.contrasts.head(0), further={})
    assert evidence(empty) == ()
