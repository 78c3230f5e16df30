rule plot:
    input:
        images=f"{PREPARED}/images.npy",
        masks=f"{PREPARED}/masks.npy",
        index=f"{PREPARED}/index.csv",
        card=f"{PREPARED}/card.json",
        scores="results/{dataset}/scores.csv",
        confusion="results/{dataset}/confusion.csv",
        contrasts=f"{STATISTICS}/contrasts.csv",
        curve=f"{STATISTICS}/curve.csv",
        ranking=f"{STATISTICS}/ranking.csv",
        splits=per_run(SPLIT),
        leaks=per_run(LEAKS),
        duplicates=f"{PREPARED}/duplicates.csv",
        predictions=per_run(f"{EVALUATED}/predictions.parquet"),
        calibrations=per_run(f"{EVALUATED}/calibration.parquet"),
        histories=per_round("history.csv"),
        ledgers=per_round("labels.csv"),
        acquired=per_round("acquired.csv"),
        maps=per_round("acquired.npz"),
        records=per_round("run.json"),
        watched=per_round("watch.npz"),
    output:
        "reports/{dataset}/figures/figures.json",
    log:
        "logs/{dataset}/plot.log",
    benchmark:
        "logs/{dataset}/plot.tsv"
    threads: 4  # figures are few, and one of them may be the largest
    params:
        settings=once(lambda w: rule_params.report(PARAMS, w.dataset)),
        code=once(lambda w: rule_params.code("plot", PARAMS, w.dataset)),
    script:
        "../scripts/plot.py"


# Benchmarks are no outputs, lest a clone without them run everything again. This comes when all
# other jobs are done, and keeps what they took.
rule jobs:
    input:
        figures="reports/{dataset}/figures/figures.json",
        statistics=[f"{STATISTICS}/{name}.csv" for name in TABLES],
        tags=tag_tables,
    output:
        "reports/{dataset}/jobs.csv",
    log:
        "logs/{dataset}/jobs.log",
    benchmark:
        "logs/{dataset}/jobs.tsv"
    params:
        runs=every_run,
        code=once(lambda w: rule_params.code("jobs", PARAMS, w.dataset)),
    script:
        "../scripts/jobs.py"


rule report:
    input:
        figures="reports/{dataset}/figures/figures.json",
        jobs="reports/{dataset}/jobs.csv",
        card=f"{PREPARED}/card.json",
        scores="results/{dataset}/scores.csv",
        confusion="results/{dataset}/confusion.csv",
        statistics=[f"{STATISTICS}/{name}.csv" for name in TABLES],
        tags=tag_tables,
    output:
        page="reports/{dataset}/index.html",
        summary="results/{dataset}/summary.json",
    log:
        "logs/{dataset}/report.log",
    benchmark:
        "logs/{dataset}/report.tsv"
    params:
        settings=once(lambda w: rule_params.report(PARAMS, w.dataset)),
        code=once(lambda w: rule_params.code("report", PARAMS, w.dataset)),
    script:
        "../scripts/report.py"


rule index:
    input:
        summaries=expand("results/{dataset}/summary.json", dataset=PLANS),
    output:
        "reports/index.html",
    log:
        "logs/index.log",
    benchmark:
        "logs/index.tsv"
    params:
        code=rule_params.code("index", PARAMS, PARAMS.run[0]),
    script:
        "../scripts/index.py"
