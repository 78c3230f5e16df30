"""Other analyses of the contrasts: image by image, and as a posterior."""

from collections.abc import Iterator

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import PAIR, Column, Section, Table, build_table

PREAMBLE = (
    "No sentence of the answer rests on these analyses; they are a check. The paired test is about "
    "further seeds on these test images. The hierarchical bootstrap draws images inside seeds; the "
    "mixed model has both as random effects, so it allows for other images too; the posterior "
    "does not correct for the number of contrasts."
)


def sensitivity_section(study: Study) -> Section | None:
    """Return whether other analyses agree with the paired tests; None where none was made."""
    rows = study.table("sensitivity")
    if not len(rows) or not len(study.contrasts):
        return None
    sentences = (PREAMBLE, *_agreement(study, rows), *_posteriors(study))
    title = "The same contrasts in other ways"
    return Section(title, sentences, (_table(study, rows),), key="sensitivity")


def _agreement(study: Study, rows: pd.DataFrame) -> Iterator[str]:
    for mixed, planned in zip(
        rows.to_dict("records"), study.contrasts.to_dict("records"), strict=True
    ):
        name, note = wording.contrast_name(planned), mixed.get("note")
        if wording.missing(mixed["p_mixed"]):
            yield f"{name}: no mixed model ({note})."
            continue
        p_mixed, p_paired = float(mixed["p_mixed"]), float(planned["p_t"])
        alike = (p_mixed <= study.alpha) == (p_paired <= study.alpha)
        doubt = "" if wording.missing(note) or not note else f"; it {note}"
        yield (
            f"{name}: the mixed model {'agrees with' if alike else 'differs from'} the paired "
            f"t-test about “no difference” at {study.alpha:.0%}, before any correction "
            f"(p = {wording.p_value(p_mixed)} beside {wording.p_value(p_paired)}{doubt})."
        )


def _posteriors(study: Study) -> Iterator[str]:
    for row in study.contrasts.to_dict("records"):
        shares = [row.get(f"rope_{place}") for place in ("below", "inside", "above")]
        if any(wording.missing(share) for share in shares):
            continue
        below, inside, above = (f"{float(str(share)):.0%}" for share in shares)
        margin = float(row.get("margin") or 0)
        name = wording.contrast_name(row)
        if margin == 0:
            yield f"{name}: the posterior gives {above} to a higher mean of {row['a']}."
        else:
            yield (
                f"{name}: the posterior gives {below} to a mean lower by more than "
                f"{margin:g}, {inside} to a difference within {margin:g}, {above} to a mean "
                "higher by more."
            )


def _table(study: Study, rows: pd.DataFrame) -> Table:
    shown = rows.assign(
        metric=rows["metric"].map(wording.metric_label),
        boot=wording.intervals(rows, "boot_low", "boot_high"),
        mixed=wording.intervals(rows, "mixed_low", "mixed_high"),
    )
    columns = [
        *PAIR,
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
    return build_table("sensitivity", "The contrasts in other ways", shown, columns, study.styles)
