rule plot:
    input:
        images=paths.IMAGES,
        masks=paths.MASKS,
        index=paths.INDEX,
        card=paths.CARD,
        scores=paths.SCORES,
        confusion=paths.CONFUSION,
        statistics=expand(
            paths.TABLE, table=["contrasts", "curve", "ranking"], allow_missing=True
        ),
        splits=lambda w: of_runs(paths.SPLIT, w.dataset),
        leaks=lambda w: of_runs(paths.LEAKS, w.dataset),
        duplicates=paths.DUPLICATES,
        predictions=lambda w: of_runs(paths.PREDICTIONS, w.dataset),
        calibrations=lambda w: of_runs(paths.CALIBRATION, w.dataset),
        histories=lambda w: of_rounds(paths.HISTORY, w.dataset),
        ledgers=lambda w: of_rounds(paths.LEDGER, w.dataset),
        acquired=lambda w: of_rounds(paths.ACQUIRED, w.dataset),
        maps=lambda w: of_rounds(paths.ACQUIRED_MAPS, w.dataset),
        records=lambda w: of_rounds(paths.TRAIN_RECORD, w.dataset),
        watched=lambda w: of_rounds(paths.WATCHED, w.dataset),
    output:
        paths.FIGURES,
    log:
        f"{paths.LOGS}/plot.log",
    benchmark:
        f"{paths.LOGS}/plot.tsv"
    threads: 4  # figures are few, and one of them may be the largest
    params:
        settings=lambda w: rule_params.report(STUDY, w.dataset),
        code=lambda w: rule_params.code("plot", STUDY, w.dataset),
    script:
        "../scripts/plot.py"


# Benchmarks are not declared as outputs: a fresh clone has none and would rerun everything. This
# rule runs when all other jobs are done, and keeps what they took.
rule jobs:
    input:
        figures=paths.FIGURES,
        statistics=expand(paths.TABLE, table=paths.TABLES, allow_missing=True),
        tags=report_tag_tables,
    output:
        paths.JOBS,
    log:
        f"{paths.LOGS}/jobs.log",
    benchmark:
        f"{paths.LOGS}/jobs.tsv"
    params:
        runs=lambda w: runs_of(w.dataset),
        code=lambda w: rule_params.code("jobs", STUDY, w.dataset),
    script:
        "../scripts/jobs.py"


rule report:
    input:
        figures=paths.FIGURES,
        jobs=paths.JOBS,
        card=paths.CARD,
        scores=paths.SCORES,
        confusion=paths.CONFUSION,
        statistics=expand(paths.TABLE, table=paths.TABLES, allow_missing=True),
        tags=report_tag_tables,
    output:
        page=paths.PAGE,
        details=paths.DETAILS,
        summary=paths.SUMMARY,
    log:
        f"{paths.LOGS}/report.log",
    benchmark:
        f"{paths.LOGS}/report.tsv"
    params:
        settings=lambda w: rule_params.report(STUDY, w.dataset),
        code=lambda w: rule_params.code("report", STUDY, w.dataset),
    script:
        "../scripts/report.py"
