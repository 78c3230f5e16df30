rule download:
    output:
        paths.ARCHIVE,
    log:
        f"{paths.LOGS}/download.log",
    benchmark:
        f"{paths.LOGS}/download.tsv"
    params:
        settings=lambda w: rule_params.download(STUDY, w.dataset),
        code=lambda w: rule_params.code("download", STUDY, w.dataset),
    script:
        "../scripts/download.py"


rule prepare:
    input:
        paths.ARCHIVE,
    output:
        images=paths.IMAGES,
        masks=paths.MASKS,
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
        card=paths.CARD,
    log:
        f"{paths.LOGS}/prepare.log",
    benchmark:
        f"{paths.LOGS}/prepare.tsv"
    threads: 16  # as many as there are, up to this
    params:
        settings=lambda w: rule_params.prepare(STUDY, w.dataset),
        code=lambda w: rule_params.code("prepare", STUDY, w.dataset),
    script:
        "../scripts/prepare.py"


rule split:
    input:
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
    output:
        split=paths.SPLIT,
        leaks=paths.LEAKS,
    log:
        f"{paths.LOGS}/split/seed-{{seed}}.log",
    benchmark:
        f"{paths.LOGS}/split/seed-{{seed}}.tsv"
    params:
        settings=lambda w: rule_params.split(STUDY, w.dataset),
        code=lambda w: rule_params.code("split", STUDY, w.dataset),
    script:
        "../scripts/split.py"
