rule evaluate:
    input:
        images=paths.IMAGES,
        masks=paths.MASKS,
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
        card=paths.CARD,
        split=paths.SPLIT,
        models=lambda w: of_rounds(paths.MODEL, w.dataset, [(w.arm, w.seed)]),
        ledgers=lambda w: of_rounds(paths.LEDGER, w.dataset, [(w.arm, w.seed)]),
    output:
        counts=paths.COUNTS,
        calibration=paths.CALIBRATION,
        objects=paths.OBJECTS,
        confusion=paths.PIXEL_CONFUSION,
        predictions=paths.PREDICTIONS,
    log:
        f"{paths.LOGS}/evaluate/{paths.OF_RUN}.log",
    benchmark:
        f"{paths.LOGS}/evaluate/{paths.OF_RUN}.tsv"
    resources:
        **PREDICTION,
    params:
        settings=lambda w: rule_params.evaluate(STUDY, w.dataset, int(w.seed)),
        rounds=lambda w: arm_of(w).rounds,
        code=lambda w: rule_params.code("evaluate", STUDY, w.dataset),
    script:
        "../scripts/evaluate.py"


rule refine:
    input:
        images=paths.IMAGES,
        masks=paths.MASKS,
        index=paths.INDEX,
        split=paths.SPLIT,
        model=pseudo_model,
        listing=lambda w: of_round(
            paths.PSEUDO_LISTING, w, (w.arm, arm_of(w).rounds[0])
        ),
    output:
        paths.REFINED,
    log:
        f"{paths.LOGS}/refine/{paths.OF_RUN}.log",
    benchmark:
        f"{paths.LOGS}/refine/{paths.OF_RUN}.tsv"
    resources:
        **PREDICTION,
    params:
        settings=lambda w: rule_params.pseudo(STUDY, w.dataset, w.arm),
        code=lambda w: rule_params.code("refine", STUDY, w.dataset),
    script:
        "../scripts/refine.py"


rule score:
    input:
        index=paths.INDEX,
        card=paths.CARD,
        counts=lambda w: of_runs(paths.COUNTS, w.dataset),
        calibrations=lambda w: of_runs(paths.CALIBRATION, w.dataset),
        objects=lambda w: of_runs(paths.OBJECTS, w.dataset),
        confusions=lambda w: of_runs(paths.PIXEL_CONFUSION, w.dataset),
        ledgers=lambda w: of_runs(paths.LEDGER, w.dataset),
        splits=lambda w: of_runs(paths.SPLIT, w.dataset),
    output:
        scores=paths.SCORES,
        metrics=paths.METRICS,
        confusion=paths.CONFUSION,
    log:
        f"{paths.LOGS}/score.log",
    benchmark:
        f"{paths.LOGS}/score.tsv"
    params:
        settings=lambda w: rule_params.score(STUDY),
        planned=lambda w: rule_params.planned(STUDY, w.dataset),
        # not an output, because Snakemake deletes outputs before a job
        registration=paths.REGISTRATION,
        runs=lambda w: runs_of(w.dataset),
        code=lambda w: rule_params.code("score", STUDY, w.dataset),
    script:
        "../scripts/score.py"
