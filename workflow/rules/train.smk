rule label:
    input:
        index=f"{PREPARED}/index.csv",
        split=SPLIT,
        parent=parent_ledger,
        masks=oracle_masks,
    output:
        f"{ROUND}/labels.csv",
    log:
        "logs/{dataset}/label/{arm}/seed-{seed}/round-{round}.log",
    benchmark:
        "logs/{dataset}/label/{arm}/seed-{seed}/round-{round}.tsv"
    params:
        settings=lambda w: settings.label(PLANS[w.dataset], w.arm),
        code=lambda w: settings.code(
            "label", PARAMS, w.dataset, PLANS[w.dataset].arms[w.arm]
        ),
    script:
        "../scripts/label.py"


rule train:
    input:
        images=f"{PREPARED}/images.npy",
        masks=bought_masks,
        index=f"{PREPARED}/index.csv",
        card=f"{PREPARED}/card.json",
        ledger=f"{ROUND}/labels.csv",
        start=start_model,
        pseudo=pseudo_masks,
    output:
        model=f"{ROUND}/model.safetensors",
        history=f"{ROUND}/history.csv",
        record=f"{ROUND}/run.json",
    log:
        "logs/{dataset}/train/{arm}/seed-{seed}/round-{round}.log",
    benchmark:
        "logs/{dataset}/train/{arm}/seed-{seed}/round-{round}.tsv"
    threads: lambda w: PLANS[w.dataset].arms[w.arm].training.threads
    params:
        settings=lambda w: settings.train(PLANS[w.dataset], w.arm),
        code=lambda w: settings.code(
            "train", PARAMS, w.dataset, PLANS[w.dataset].arms[w.arm]
        ),
    script:
        "../scripts/train.py"
