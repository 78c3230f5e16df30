rule evaluate:
    input:
        images=f"{PREPARED}/images.npy",
        masks=f"{PREPARED}/masks.npy",
        index=f"{PREPARED}/index.csv",
        card=f"{PREPARED}/card.json",
        split=SPLIT,
        models=lambda w: [
            round_file(w, (w.arm, number), "model.safetensors")
            for number in rounds_of(w)
        ],
    output:
        counts=f"{EVALUATED}/counts.parquet",
        samples=f"{EVALUATED}/samples.npz",
    log:
        "logs/{dataset}/evaluate/{arm}/seed-{seed}.log",
    benchmark:
        "logs/{dataset}/evaluate/{arm}/seed-{seed}.tsv"
    params:
        settings=lambda w: settings.evaluate(PARAMS, w.dataset),
        rounds=rounds_of,
        code=lambda w: settings.code("evaluate", PARAMS, w.dataset),
    script:
        "../scripts/evaluate.py"


rule score:
    input:
        index=f"{PREPARED}/index.csv",
        counts=per_run(f"{EVALUATED}/counts.parquet"),
        ledgers=per_run(f"{ROUND}/labels.csv"),
        splits=per_run(SPLIT),
    output:
        scores="results/{dataset}/scores.csv",
        metrics="results/{dataset}/metrics.json",
    log:
        "logs/{dataset}/score.log",
    benchmark:
        "logs/{dataset}/score.tsv"
    params:
        settings=settings.score(PARAMS),
        runs=lambda w: [(arm, seed) for arm in PLANS[w.dataset].arms for seed in SEEDS],
        code=lambda w: settings.code("score", PARAMS, w.dataset),
    script:
        "../scripts/score.py"


rule test:
    input:
        scores="results/{dataset}/scores.csv",
    output:
        contrasts=f"{STATISTICS}/contrasts.csv",
        curve=f"{STATISTICS}/curve.csv",
    log:
        "logs/{dataset}/test.log",
    benchmark:
        "logs/{dataset}/test.tsv"
    params:
        settings=lambda w: settings.test(PARAMS, w.dataset),
        code=lambda w: settings.code("test", PARAMS, w.dataset),
    script:
        "../scripts/test.py"
