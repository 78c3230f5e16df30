"""The contrasts looked at in other ways: image by image, and as a posterior."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.part import Part
from frugalseg.reporting.table import Column, build_table


def sensitivity_part(study: Study) -> Part | None:
    """Say whether other analyses agree with the paired tests; None where none was made."""
    rows = study.table("sensitivity")
    if not len(rows) or not len(study.contrasts):
        return None
    sentences = [
        "No sentence of the answer rests on these; they are a check. The paired test speaks of "
        "further seeds on these test images. The hierarchical bootstrap draws images inside seeds; "
        "the mixed model has both as random effects, so it allows for other images too; the "
        "posterior takes no account of how many contrasts there are.",
        *_agreement(study, rows),
        *_posteriors(study),
    ]
    return Part("sensitivity", "The same contrasts in other ways", tuple(sentences),
                (_table(study, rows),))  # fmt: skip


def _agreement(study: Study, rows: pd.DataFrame) -> Iterator[str]:
    for found, planned in zip(
        rows.to_dict("records"), study.contrasts.to_dict("records"), strict=True
    ):
        name = _name(planned)
        if wording.missing(found["p_mixed"]):
            yield f"{name}: no mixed model ({found['note']})."
            continue
        mixed, paired = float(found["p_mixed"]), float(planned["p_t"])
        alike = (mixed <= study.alpha) == (paired <= study.alpha)
        yield (
            f"{name}: the mixed model {'agrees with' if alike else 'differs from'} the paired "
            f"t-test about “no difference” at {study.alpha:.0%}, before any correction "
            f"(p = {wording.p_value(mixed)} beside {wording.p_value(paired)}{_doubt(found)})."
        )


def _doubt(found: Mapping[Any, Any]) -> str:
    note = found.get("note")
    return "" if wording.missing(note) or not note else f"; it {note}"


def _posteriors(study: Study) -> Iterator[str]:
    for row in study.contrasts.to_dict("records"):
        parts = [row.get(f"rope_{place}") for place in ("below", "inside", "above")]
        if any(wording.missing(part) for part in parts):
            continue
        below, inside, above = (f"{float(str(part)):.0%}" for part in parts)
        margin = float(row.get("margin") or 0)
        if margin == 0:
            yield f"{_name(row)}: the posterior gives {above} to a higher mean of {row['a']}."
        else:
            yield (
                f"{_name(row)}: the posterior gives {below} to a mean lower by more than "
                f"{margin:g}, {inside} to a difference within {margin:g}, {above} to a mean "
                "higher by more."
            )


def _name(row: Mapping[Any, Any]) -> str:
    return f"{row['a']} against {row['b']} ({wording.metric_label(str(row['metric']))})"


def _table(study: Study, rows: pd.DataFrame) -> Any:
    shown = rows.copy()
    shown["metric"] = [wording.metric_label(str(metric)) for metric in rows["metric"]]
    for kind in ("boot", "mixed"):
        shown[kind] = [
            wording.interval(low, high, sign=True)
            for low, high in zip(rows[f"{kind}_low"], rows[f"{kind}_high"], strict=True)
        ]
    columns = [
        Column("a", "a", arm=True),
        Column("b", "b", arm=True),
        Column("metric", "Metric"),
        Column("n", "Seeds", wording.count, "that all compared arms have"),
        Column("difference", "a − b", wording.signed),
        Column("boot", "Hierarchical bootstrap", note=f"{study.confidence} percentile interval"),
        Column("mixed_mean", "Mixed model", wording.signed),
        Column("mixed", f"{study.confidence} interval", note="Wald"),
        Column("p_mixed", "p (mixed)", wording.p_value),
        Column("seed_sd", "SD of seeds", wording.score, "how much the difference varies by seed"),
        Column("image_sd", "SD of images", wording.score),
        Column("rest_sd", "SD of the rest", wording.score),
        Column("note", "Note"),
        Column("missing", "Left out"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("sensitivity", "The contrasts in other ways", shown, columns, styles)
