rule pseudo:
    input:
        images=f"{PREPARED}/images.npy",
        index=f"{PREPARED}/index.csv",
        ledger=f"{ROUND}/labels.csv",
        model=pseudo_model,
    output:
        masks=f"{ROUND}/pseudo.npy",
        listing=f"{ROUND}/pseudo.csv",
    log:
        "logs/{dataset}/pseudo/{arm}/seed-{seed}/round-{round}.log",
    benchmark:
        "logs/{dataset}/pseudo/{arm}/seed-{seed}/round-{round}.tsv"
    resources:
        mem_mb=asked(prediction_request, "mem_mb"),
        runtime=asked(prediction_request, "runtime"),
        vram_mb=asked_once(prediction_request, "vram_mb"),
    params:
        settings=once(lambda w: rule_params.pseudo(PLANS[w.dataset], w.arm)),
        code=once(lambda w: rule_params.code("pseudo", PARAMS, w.dataset)),
    script:
        "../scripts/pseudo.py"


rule refine:
    input:
        images=f"{PREPARED}/images.npy",
        masks=f"{PREPARED}/masks.npy",
        index=f"{PREPARED}/index.csv",
        split=SPLIT,
        model=pseudo_model,
        listing=pseudo_listing,
    output:
        f"{EVALUATED}/refined.parquet",
    log:
        "logs/{dataset}/refine/{arm}/seed-{seed}.log",
    benchmark:
        "logs/{dataset}/refine/{arm}/seed-{seed}.tsv"
    resources:
        mem_mb=asked(prediction_request, "mem_mb"),
        runtime=asked(prediction_request, "runtime"),
        vram_mb=asked_once(prediction_request, "vram_mb"),
    params:
        settings=once(lambda w: rule_params.pseudo(PLANS[w.dataset], w.arm)),
        code=once(lambda w: rule_params.code("refine", PARAMS, w.dataset)),
    script:
        "../scripts/refine.py"


rule ladder:
    input:
        scores="results/{dataset}/scores.csv",
        refined=of_runs(f"{EVALUATED}/refined.parquet", draws),
    output:
        f"{STATISTICS}/ladder.csv",
    log:
        "logs/{dataset}/ladder.log",
    benchmark:
        "logs/{dataset}/ladder.tsv"
    params:
        ladders=lambda w: rule_params.ladders(PLANS[w.dataset]),
        runs=lambda w: runs_with(w.dataset, draws),
        code=once(lambda w: rule_params.code("ladder", PARAMS, w.dataset)),
    script:
        "../scripts/ladder.py"


rule shortcut:
    input:
        counts=of_runs(f"{EVALUATED}/counts.parquet", parameters.Plan.buys_tags),
        ledgers=of_runs(f"{ROUND}/labels.csv", parameters.Plan.buys_tags),
    output:
        f"{STATISTICS}/shortcut.csv",
    log:
        "logs/{dataset}/shortcut.log",
    benchmark:
        "logs/{dataset}/shortcut.tsv"
    params:
        origin=lambda w: PLANS[w.dataset].origin,
        runs=lambda w: runs_with(w.dataset, parameters.Plan.buys_tags),
        code=once(lambda w: rule_params.code("shortcut", PARAMS, w.dataset)),
    script:
        "../scripts/shortcut.py"
