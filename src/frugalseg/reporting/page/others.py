"""What the first page says of an arm that its figure draws in gray, once it is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from frugalseg.reporting import wording
from frugalseg.reporting.emphasis import Headline, level_cost, load_headline
from frugalseg.reporting.lines import Line
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, families
from frugalseg.reporting.sections.advice import Sentence


@dataclass(frozen=True)
class OtherArm:
    """One gray arm; `number` names its groups in the SVG."""

    arm: str
    number: int
    style: ArmStyle
    note: str


def other_arms(study: Study, findings: Sequence[Sentence]) -> Iterator[OtherArm]:
    """Yield the arms that the main figure does not emphasize.

    Args:
        findings: of all contrasts, in the order of the study's table.
    """
    shown = load_headline(study)
    family = families(study.params.get("arms") or {})
    if shown is None:
        return
    for line in shown.back:
        reached = _reached(shown, line, family.get(line.arm, ""))
        note = " ".join([reached, *_claims(study, line.arm, findings)])
        yield OtherArm(line.arm, study.arms.index(line.arm), line.style, note)


def _reached(shown: Headline, line: Line, family: str) -> str:
    row = line.means.iloc[-1]
    interval = wording.interval(row["ci_low"], row["ci_high"])
    score = f"{shown.metric} {wording.score(row['mean'])} {interval}".rstrip()
    return f"{line.arm} ({family}): {score} for {level_cost(line, shown.axis)}."


def _claims(study: Study, arm: str, findings: Sequence[Sentence]) -> Iterator[str]:
    rows = study.contrasts.to_dict("records")
    for row, finding in zip(rows, findings, strict=True):
        if arm in (row["a"], row["b"]) and row["metric"] == study.metric:
            yield f"{finding.lead}."
