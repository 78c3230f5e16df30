"""The self-contained pages: one a data set, and one over all data sets."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from markupsafe import Markup

from frugalseg.reporting import wording
from frugalseg.reporting.figures.confusion import confusion_part
from frugalseg.reporting.figures.drawing import FigureRecord, load_records
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.chart import chart_data, chart_table, library
from frugalseg.reporting.page.gallery_files import FOLDER, PAGE_LIMIT, gallery_facts, gallery_json
from frugalseg.reporting.page.inline import inline_svg
from frugalseg.reporting.page.pictures import build_album
from frugalseg.reporting.page.summary import Summary
from frugalseg.reporting.page.templating import environment
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.published import published_part
from frugalseg.reporting.sections.answer import Answer, build_answer
from frugalseg.reporting.sections.bought import bought_part
from frugalseg.reporting.sections.card import build_card, read_defects
from frugalseg.reporting.sections.evidence import evidence
from frugalseg.reporting.sections.tables import (
    contrast_table,
    purchase_table,
    run_table,
    score_tables,
)
from frugalseg.reporting.sections.tag_report import build_tag_report
from frugalseg.reporting.sections.work import job_table, rights, work_sentences
from frugalseg.reporting.table import csv_uri

CSV_LIMIT = 300_000
"""Bytes up to which a figure's data is embedded; beyond, the page links to the file."""
GALLERY = "<!--gallery-->"
"""Stands in the page for the gallery's pictures until it is known how much room there is.

No name can be taken for it: names are escaped.
"""


@dataclass(frozen=True)
class PageFigure:
    """A figure as the page shows it: wide for a screen, narrow for a phone."""

    record: FigureRecord
    wide: Markup
    narrow: Markup
    folder: str
    csv: str


def render(study: Study, figures_dir: Path, out: Path, jobs: pd.DataFrame | None = None) -> Summary:
    """Write the data set's page to `out`; return the summary that `render_index` takes.

    Args:
        figures_dir: what `figures.draw_all` has written.
        jobs: time and memory of the jobs, as `work.job_table` takes them.

    Raises:
        FrugalsegError: if the figures are not there.
    """
    records = load_records(figures_dir)
    named = {record.name: record for record in records}
    answer = build_answer(study)
    folder = Path(os.path.relpath(figures_dir, out.parent)).as_posix()
    shown = [r for r in records if (figures_dir / f"{r.name}-narrow.svg").is_file()]
    figures = [_figure(record, figures_dir, folder) for record in shown]
    groups: defaultdict[str, list[PageFigure]] = defaultdict(list)
    for figure in figures:
        groups[figure.record.group or figure.record.name].append(figure)
    values = _values(study, figures_dir, jobs)
    html = (
        environment()
        .get_template("report.html")
        .render(values, answer=answer, records=named, groups=groups, folder=folder)
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    room = PAGE_LIMIT - len(html.encode())
    html = html.replace(GALLERY, gallery_json(study, out.parent / FOLDER, room))
    out.write_text(html, "utf-8")
    return _summary(study, answer, named, figures_dir, out)


def _values(study: Study, figures_dir: Path, jobs: pd.DataFrame | None) -> dict[str, Any]:
    """Return what the template shows besides figures and answer."""
    params = yaml.safe_dump(_plain(study.params), sort_keys=False, allow_unicode=True)
    return {
        "study": study,
        "styles": style_arms(study.arms, study.full_arms),
        "chart": chart_data(study),
        "points": chart_table(study),
        "library": library(),
        "contrasts": contrast_table(study),
        "evidence": evidence(study),
        "scores": list(score_tables(study)),
        "bought": purchase_table(study),
        "trainings": run_table(study),
        "tags": build_tag_report(study),
        "bought_part": bought_part(study),
        "published_part": published_part(study),
        "confusion_part": confusion_part(study),
        "machines": _machines(study),
        "album": build_album(study),
        "card": build_card(study, read_defects(figures_dir)),
        "gallery": gallery_facts(study),
        "gallery_json": Markup(GALLERY),  # noqa: S704 - a mark of ours, replaced in the end
        "params_yaml": params,
        "params_hash": hashlib.sha256(params.encode()).hexdigest(),
        "work": list(work_sentences(study)),
        "jobs": None if jobs is None else job_table(study, jobs),
        "rights": rights(study),
    }


def render_index(summaries: Sequence[Summary], out: Path) -> None:
    """Write the page over all data sets."""
    shown = [(summary, Markup(summary.chart)) for summary in summaries]  # noqa: S704
    html = environment().get_template("index.html").render(summaries=shown)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html, "utf-8")


def _figure(record: FigureRecord, figures_dir: Path, folder: str) -> PageFigure:
    path = figures_dir / f"{record.name}.csv"
    wide, narrow = (figures_dir / f"{record.name}{kind}.svg" for kind in ("", "-narrow"))
    small = path.stat().st_size <= CSV_LIMIT
    return PageFigure(
        record=record,
        wide=inline_svg(wide, record.alt, f"{record.name}-wide"),
        narrow=inline_svg(narrow, record.alt, f"{record.name}-narrow"),
        folder=folder,
        csv=csv_uri(path.read_text("utf-8")) if small else f"{folder}/{record.name}.csv",
    )


def _plain(value: Any) -> Any:
    """Return mappings and sequences as dicts and lists, which is all that safe YAML writes."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def _machines(study: Study) -> list[Any]:
    """Return what the runs say of the machines they were trained on, each once."""
    found = {
        str(said): said
        for run in study.runs
        for said in (run.get("machine"), run.get("hardware"), run.get("device"))
        if said
    }
    return list(found.values())


def _summary(
    study: Study, answer: Answer, records: Mapping[str, FigureRecord], figures_dir: Path, out: Path
) -> Summary:
    overview = figures_dir / "overview-narrow.svg"
    record = records.get("overview")
    # The page over all data sets holds this chart of every data set: ids must differ.
    prefix = f"overview-{hashlib.sha256(study.name.encode()).hexdigest()[:8]}"
    return Summary(
        name=study.name,
        href=f"{out.parent.name}/{out.name}",
        facts=(
            f"{len(study.index):,} images, {wording.plural(len(study.arms), 'arm')}, "
            f"{wording.plural(len(study.seeds), 'seed')}"
        ),
        answer=answer.headline.text,
        lines=answer.lines,
        chart=str(inline_svg(overview, record.alt, prefix)) if record else "",
    )
