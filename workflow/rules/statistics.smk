rule test:
    input:
        scores=paths.SCORES,
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
        card=paths.CARD,
        counts=lambda w: of_runs(paths.COUNTS, w.dataset),
        records=lambda w: of_rounds(paths.TRAIN_RECORD, w.dataset),
    output:
        expand(paths.TABLE, table=paths.TABLES, allow_missing=True),
    log:
        f"{paths.LOGS}/test.log",
    benchmark:
        f"{paths.LOGS}/test.tsv"
    params:
        settings=lambda w: rule_params.test(STUDY, w.dataset),
        registration=paths.REGISTRATION,
        runs=lambda w: runs_of(w.dataset),
        code=lambda w: rule_params.code("test", STUDY, w.dataset),
    script:
        "../scripts/test.py"


rule ladder:
    input:
        scores=paths.SCORES,
        refined=lambda w: of_runs(
            paths.REFINED, w.dataset, runs_on_pseudo_masks(w.dataset)
        ),
    output:
        paths.LADDER,
    log:
        f"{paths.LOGS}/ladder.log",
    benchmark:
        f"{paths.LOGS}/ladder.tsv"
    params:
        ladders=lambda w: rule_params.ladders(PLANS[w.dataset]),
        runs=lambda w: runs_on_pseudo_masks(w.dataset),
        code=lambda w: rule_params.code("ladder", STUDY, w.dataset),
    script:
        "../scripts/ladder.py"


rule shortcut:
    input:
        counts=lambda w: of_runs(paths.COUNTS, w.dataset, runs_that_buy_tags(w.dataset)),
        ledgers=lambda w: of_runs(
            paths.LEDGER, w.dataset, runs_that_buy_tags(w.dataset)
        ),
    output:
        paths.SHORTCUT,
    log:
        f"{paths.LOGS}/shortcut.log",
    benchmark:
        f"{paths.LOGS}/shortcut.tsv"
    params:
        origin=lambda w: PLANS[w.dataset].origin,
        runs=lambda w: runs_that_buy_tags(w.dataset),
        code=lambda w: rule_params.code("shortcut", STUDY, w.dataset),
    script:
        "../scripts/shortcut.py"
