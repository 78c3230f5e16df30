rule label:
    input:
        index=paths.INDEX,
        card=paths.CARD,
        split=paths.SPLIT,
        parent=label_parent,
        images=label_pool_images,
        masks=label_oracle_masks,
        model=label_model,
    output:
        labels=paths.LEDGER,
        acquired=paths.ACQUIRED,
        maps=paths.ACQUIRED_MAPS,
    log:
        f"{paths.LOGS}/label/{paths.OF_ROUND}.log",
    benchmark:
        f"{paths.LOGS}/label/{paths.OF_ROUND}.tsv"
    threads: lambda w: arm_of(w).training.threads if label_model(w) else 1
    resources:
        **PREDICTION,
    params:
        settings=lambda w: rule_params.label(STUDY, w.dataset, w.arm),
        code=lambda w: rule_params.code("label", STUDY, w.dataset, w.arm),
    script:
        "../scripts/label.py"


rule pseudo:
    input:
        images=paths.IMAGES,
        index=paths.INDEX,
        ledger=paths.LEDGER,
        model=pseudo_model,
    output:
        masks=paths.PSEUDO_MASKS,
        listing=paths.PSEUDO_LISTING,
    log:
        f"{paths.LOGS}/pseudo/{paths.OF_ROUND}.log",
    benchmark:
        f"{paths.LOGS}/pseudo/{paths.OF_ROUND}.tsv"
    resources:
        **PREDICTION,
    params:
        settings=lambda w: rule_params.pseudo(STUDY, w.dataset, w.arm),
        code=lambda w: rule_params.code("pseudo", STUDY, w.dataset),
    script:
        "../scripts/pseudo.py"


rule length:
    input:
        images=paths.IMAGES,
        masks=paths.MASKS,
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
        card=paths.CARD,
        ledger=lambda w: paths.LEDGER.format(**length_run(w)),
        split=lambda w: paths.SPLIT.format(**length_run(w)),
    output:
        paths.LENGTH,
    log:
        f"{paths.LOGS}/length/{{training}}.log",
    benchmark:
        f"{paths.LOGS}/length/{{training}}.tsv"
    threads: length_threads
    resources:
        **LENGTH,
    params:
        settings=length_run,
        code=lambda w: rule_params.code("length", STUDY, w.dataset, length_arm(w).name),
    script:
        "../scripts/length.py"


rule train:
    input:
        images=paths.IMAGES,
        masks=train_masks,
        index=paths.INDEX,
        duplicates=paths.DUPLICATES,
        card=paths.CARD,
        ledger=paths.LEDGER,
        start=train_start,
        split=train_split,
        pseudo=train_pseudo_masks,
        length=train_length,
    output:
        model=paths.MODEL,
        history=paths.HISTORY,
        record=paths.TRAIN_RECORD,
        watched=paths.WATCHED,
    log:
        f"{paths.LOGS}/train/{paths.OF_ROUND}.log",
    benchmark:
        f"{paths.LOGS}/train/{paths.OF_ROUND}.tsv"
    threads: lambda w: arm_of(w).training.threads
    resources:
        **TRAINING,
    params:
        settings=lambda w: rule_params.train(STUDY, w.dataset, w.arm),
        code=lambda w: rule_params.code("train", STUDY, w.dataset, w.arm),
    script:
        "../scripts/train.py"
