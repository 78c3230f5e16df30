from frugalseg.pipeline.rules import RULES, STAGES, stages_of_rules


def test_a_rule_belongs_to_the_stage_whose_file_it_stands_in() -> None:
    stages = stages_of_rules()
    assert [stages[rule] for rule in ("prepare", "pseudo", "refine", "shortcut", "jobs")] == [
        "data",
        "train",
        "evaluate",
        "statistics",
        "report",
    ]
    first, *_, last = stages
    assert (first, last) == ("download", "index")


def test_every_stage_has_a_file_and_no_rule_stands_elsewhere() -> None:
    assert set(stages_of_rules().values()) == set(STAGES)
    assert {path.stem for path in RULES.glob("*.smk")} == {"common", *STAGES}
    assert "\nrule" not in (RULES / "common.smk").read_text()
