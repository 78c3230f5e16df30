rule download:
    output:
        "data/raw/{dataset}/archive.zip",
    log:
        "logs/{dataset}/download.log",
    benchmark:
        "logs/{dataset}/download.tsv"
    params:
        settings=once(lambda w: rule_params.download(PARAMS, w.dataset, SEARCH)),
        code=once(lambda w: rule_params.code("download", PARAMS, w.dataset)),
    script:
        "../scripts/download.py"


rule prepare:
    input:
        "data/raw/{dataset}/archive.zip",
    output:
        images=f"{PREPARED}/images.npy",
        masks=f"{PREPARED}/masks.npy",
        index=f"{PREPARED}/index.csv",
        duplicates=f"{PREPARED}/duplicates.csv",
        card=f"{PREPARED}/card.json",
    log:
        "logs/{dataset}/prepare.log",
    benchmark:
        "logs/{dataset}/prepare.tsv"
    threads: 16  # as many as there are, up to this
    params:
        settings=once(lambda w: rule_params.prepare(PARAMS, w.dataset)),
        code=once(lambda w: rule_params.code("prepare", PARAMS, w.dataset)),
    script:
        "../scripts/prepare.py"


rule split:
    input:
        index=f"{PREPARED}/index.csv",
        duplicates=f"{PREPARED}/duplicates.csv",
    output:
        split=SPLIT,
        leaks=LEAKS,
    log:
        "logs/{dataset}/split/seed-{seed}.log",
    benchmark:
        "logs/{dataset}/split/seed-{seed}.tsv"
    params:
        settings=once(lambda w: rule_params.split(PARAMS, w.dataset)),
        code=once(lambda w: rule_params.code("split", PARAMS, w.dataset)),
    script:
        "../scripts/split.py"
