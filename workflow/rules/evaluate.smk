rule evaluate:
    input:
        images=f"{PREPARED}/images.npy",
        masks=f"{PREPARED}/masks.npy",
        index=f"{PREPARED}/index.csv",
        card=f"{PREPARED}/card.json",
        split=SPLIT,
        models=of_rounds("model.safetensors"),
        ledgers=of_rounds("labels.csv"),
    output:
        counts=f"{EVALUATED}/counts.parquet",
        calibration=f"{EVALUATED}/calibration.parquet",
        objects=f"{EVALUATED}/objects.parquet",
        confusion=f"{EVALUATED}/confusion.parquet",
        predictions=f"{EVALUATED}/predictions.parquet",
    log:
        "logs/{dataset}/evaluate/{arm}/seed-{seed}.log",
    benchmark:
        "logs/{dataset}/evaluate/{arm}/seed-{seed}.tsv"
    resources:
        mem_mb=asked(prediction_request, "mem_mb"),
        runtime=asked(prediction_request, "runtime"),
        vram_mb=asked_once(prediction_request, "vram_mb"),
    params:
        settings=once(
            lambda w: rule_params.evaluate(PARAMS, w.dataset, int(w.seed)), "seed"
        ),
        rounds=rounds_of,
        code=once(lambda w: rule_params.code("evaluate", PARAMS, w.dataset)),
    script:
        "../scripts/evaluate.py"


rule score:
    input:
        index=f"{PREPARED}/index.csv",
        counts=per_run(f"{EVALUATED}/counts.parquet"),
        calibrations=per_run(f"{EVALUATED}/calibration.parquet"),
        objects=per_run(f"{EVALUATED}/objects.parquet"),
        confusions=per_run(f"{EVALUATED}/confusion.parquet"),
        ledgers=per_run(f"{ROUND}/labels.csv"),
        splits=per_run(SPLIT),
    output:
        scores="results/{dataset}/scores.csv",
        metrics="results/{dataset}/metrics.json",
        confusion="results/{dataset}/confusion.csv",
    log:
        "logs/{dataset}/score.log",
    benchmark:
        "logs/{dataset}/score.tsv"
    params:
        settings=rule_params.score(PARAMS),
        planned=once(lambda w: rule_params.planned(PARAMS, w.dataset)),
        registration=REGISTRATION,
        runs=every_run,
        code=once(lambda w: rule_params.code("score", PARAMS, w.dataset)),
    script:
        "../scripts/score.py"


rule test:
    input:
        scores="results/{dataset}/scores.csv",
        counts=per_run(f"{EVALUATED}/counts.parquet"),
        records=per_round("run.json"),
    output:
        contrasts=f"{STATISTICS}/contrasts.csv",
        curve=f"{STATISTICS}/curve.csv",
        budgets=f"{STATISTICS}/budgets.csv",
        labels=f"{STATISTICS}/labels.csv",
        ranking=f"{STATISTICS}/ranking.csv",
        pairs=f"{STATISTICS}/pairs.csv",
        sensitivity=f"{STATISTICS}/sensitivity.csv",
        plans=f"{STATISTICS}/plans.csv",
        costs=f"{STATISTICS}/costs.csv",
    log:
        "logs/{dataset}/test.log",
    benchmark:
        "logs/{dataset}/test.tsv"
    params:
        settings=once(lambda w: rule_params.test(PARAMS, w.dataset)),
        registration=REGISTRATION,
        runs=every_run,
        code=once(lambda w: rule_params.code("test", PARAMS, w.dataset)),
    script:
        "../scripts/test.py"
