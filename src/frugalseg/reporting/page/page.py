"""The self-contained pages: two a data set, and one over all data sets."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from markupsafe import Markup

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.reporting import wording
from frugalseg.reporting.figures.confusion import confusion_section
from frugalseg.reporting.figures.drawing import FigureRecord, load_records
from frugalseg.reporting.figures.ranking import ranking_section
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.chart import chart_data, chart_table, library
from frugalseg.reporting.page.examples import build_examples
from frugalseg.reporting.page.gallery import FOLDER, PAGE_LIMIT, gallery_facts, gallery_json
from frugalseg.reporting.page.others import other_arms
from frugalseg.reporting.page.pictures import build_album
from frugalseg.reporting.page.templating import environment, inline_svg
from frugalseg.reporting.published import published_section
from frugalseg.reporting.sections import evidence, tables
from frugalseg.reporting.sections.advice import suggest_command
from frugalseg.reporting.sections.answer import Answer, budget_arm, build_answer
from frugalseg.reporting.sections.bought import bought_section
from frugalseg.reporting.sections.budgets import budget_section
from frugalseg.reporting.sections.card import build_card, read_defects
from frugalseg.reporting.sections.forecast import forecast_section
from frugalseg.reporting.sections.length import length_sentences
from frugalseg.reporting.sections.tag_report import tag_section
from frugalseg.reporting.sections.work import job_table, rights, work_sentences
from frugalseg.reporting.table import csv_uri

CSV_LIMIT = 300_000
"""Bytes up to which a figure's data is embedded; beyond, the page links to the file."""
GALLERY = "<!--gallery-->"
"""Stands in the page for the gallery's pictures until their room is known.

No name can be mistaken for it: names are escaped.
"""
EVIDENCE = (
    evidence.standing_section,
    evidence.new_image_section,
    evidence.posterior_section,
    budget_section,
    ranking_section,
    evidence.plan_section,
)
"""What returns the sections under "How far the contrasts hold", in their order."""


@dataclass(frozen=True)
class Summary:
    """One data set in one line.

    Attributes:
        href: its page, seen from the folder of the page over all data sets.
        facts: how large the study is, in words.
        answer: the headline of its answer.
        lines: the answer in a few lines of plain text, for a terminal.
        chart: the small chart, inline SVG made by this package.
    """

    name: str
    href: str
    facts: str
    answer: str
    lines: tuple[str, ...]
    chart: str


def render(study: Study, figures_dir: Path, out: Path, jobs: pd.DataFrame | None = None) -> Summary:
    """Write the data set's pages; return the summary that `render_index` takes.

    Args:
        out: the first page; `details.html` is written beside it.
        figures_dir: the folder that `figures.draw_all` has written.
        jobs: time and memory of the jobs, as `work.job_table` takes them.

    Raises:
        FrugalsegError: if the figures do not exist.
    """
    records = load_records(figures_dir)
    by_name = {record.name: record for record in records}
    answer = build_answer(study)
    folder = Path(os.path.relpath(figures_dir, out.parent)).as_posix()
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        if (figures_dir / f"{record.name}-narrow.svg").is_file():
            groups[record.group or record.name].append(_figure(record, figures_dir, folder))
    details = paths.within(out.parent, paths.DETAILS)
    values = _values(study, figures_dir, jobs) | _first_page_values(study, answer)
    values |= {"records": by_name, "groups": groups, "folder": folder}
    values |= {"page": out.name, "details": details.name}
    env = environment()
    out.parent.mkdir(parents=True, exist_ok=True)
    html = env.get_template("details.html").render(values)
    room = PAGE_LIMIT - len(html.encode())
    html = html.replace(GALLERY, gallery_json(study, out.parent / FOLDER, room))
    details.write_text(html, "utf-8")
    out.write_text(env.get_template("report.html").render(values), "utf-8")
    return _summary(study, answer, by_name.get("overview"), figures_dir, out)


def _values(study: Study, figures_dir: Path, jobs: pd.DataFrame | None) -> dict[str, Any]:
    """Return what the details show besides figures."""
    # Through JSON, as safe YAML writes neither tuples nor paths.
    plain = json.loads(json.dumps(study.params, default=str))
    params = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    machines = [run.get(key) for run in study.runs for key in ("machine", "hardware", "device")]
    trainings = (tables.run_table(study), tables.purchase_table(study), job_table(study, jobs))
    return {
        "study": study,
        "chart": chart_data(study),
        "points": chart_table(study),
        "library": library(),
        "contrasts": tables.contrast_table(study),
        "evidence": [section for make in EVIDENCE if (section := make(study)) is not None],
        "scores": list(tables.score_tables(study)),
        "lengths": list(length_sentences(study)),
        "tables": [table for table in trainings if table is not None],
        "forecast": forecast_section(study),
        "tags": tag_section(study),
        "bought": bought_section(study),
        "published": published_section(study),
        "confusion": confusion_section(study),
        "machines": list({str(machine): machine for machine in machines if machine}.values()),
        "album": build_album(study),
        "card": build_card(study, read_defects(figures_dir)),
        "gallery": gallery_facts(study),
        "gallery_json": Markup(GALLERY),  # noqa: S704 - a mark of ours, replaced in the end
        "params_yaml": params,
        "params_hash": hashlib.sha256(params.encode()).hexdigest(),
        "work": list(work_sentences(study)),
        "rights": rights(study),
    }


def _first_page_values(study: Study, answer: Answer) -> dict[str, Any]:
    """Return what the first page shows besides figures."""
    return {
        "answer": answer,
        "others": list(other_arms(study, answer.findings)),
        "suggest": suggest_command(study, budget_arm(study)),
        "examples": build_examples(study),
    }


def render_index(summaries: Sequence[Summary], out: Path) -> None:
    """Write the page over all data sets."""
    shown = [(summary, Markup(summary.chart)) for summary in summaries]  # noqa: S704
    html = environment().get_template("index.html").render(summaries=shown)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(html, "utf-8")


def _figure(record: FigureRecord, figures_dir: Path, folder: str) -> dict[str, Any]:
    """Return a figure as the page shows it: wide for a screen, narrow for a phone."""
    path = figures_dir / f"{record.name}.csv"
    wide, narrow = (figures_dir / f"{record.name}{kind}.svg" for kind in ("", "-narrow"))
    small = path.stat().st_size <= CSV_LIMIT
    return {
        "record": record,
        "wide": inline_svg(wide, record.alt, f"{record.name}-wide"),
        "narrow": inline_svg(narrow, record.alt, f"{record.name}-narrow"),
        "folder": folder,
        "csv": csv_uri(path.read_text("utf-8")) if small else f"{folder}/{record.name}.csv",
    }


def _summary(
    study: Study, answer: Answer, overview: FigureRecord | None, figures_dir: Path, out: Path
) -> Summary:
    # The page over all data sets holds this chart of every data set: ids must differ.
    prefix = f"overview-{hashlib.sha256(study.name.encode()).hexdigest()[:8]}"
    return Summary(
        name=study.name,
        href=f"{out.parent.name}/{out.name}",
        facts=(
            f"{len(study.index):,} images, {wording.plural(len(study.arms), 'arm')}, "
            f"{study.seeds_text}"
        ),
        answer=answer.headline,
        lines=answer.lines,
        chart=str(inline_svg(figures_dir / "overview-narrow.svg", overview.alt, prefix))
        if overview
        else "",
    )


def save_summary(summary: Summary, path: Path) -> None:
    """Write a summary as JSON."""
    text = json.dumps(asdict(summary), indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def load_summary(path: Path) -> Summary:
    """Read a summary.

    Raises:
        FrugalsegError: if it does not exist.
    """
    if not path.is_file():
        raise FrugalsegError(f"{path} does not exist. Render that data set's page first.")
    fields = read_json(path)
    return Summary(**fields | {"lines": tuple(fields["lines"])})
