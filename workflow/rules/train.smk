rule label:
    input:
        index=f"{PREPARED}/index.csv",
        card=f"{PREPARED}/card.json",
        split=SPLIT,
        parent=parent_ledger,
        images=pool_images,
        masks=oracle_masks,
        model=choosing_model,
    output:
        labels=f"{ROUND}/labels.csv",
        acquired=f"{ROUND}/acquired.csv",
        maps=f"{ROUND}/acquired.npz",
    log:
        "logs/{dataset}/label/{arm}/seed-{seed}/round-{round}.log",
    benchmark:
        "logs/{dataset}/label/{arm}/seed-{seed}/round-{round}.tsv"
    threads: label_threads
    resources:
        mem_mb=asked(prediction_request, "mem_mb"),
        runtime=asked(prediction_request, "runtime"),
        vram_mb=asked_once(prediction_request, "vram_mb"),
    params:
        settings=once(lambda w: rule_params.label(PARAMS, PLANS[w.dataset], w.arm)),
        code=once(
            lambda w: rule_params.code(
                "label", PARAMS, w.dataset, PLANS[w.dataset].arms[w.arm]
            )
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
        split=split_of_unlabeled,
        pseudo=pseudo_masks,
    output:
        model=f"{ROUND}/model.safetensors",
        history=f"{ROUND}/history.csv",
        record=f"{ROUND}/run.json",
        watched=f"{ROUND}/watch.npz",
    log:
        "logs/{dataset}/train/{arm}/seed-{seed}/round-{round}.log",
    benchmark:
        "logs/{dataset}/train/{arm}/seed-{seed}/round-{round}.tsv"
    threads: training_threads
    resources:
        mem_mb=asked(training_request, "mem_mb"),
        runtime=asked(training_request, "runtime"),
        vram_mb=asked_once(training_request, "vram_mb"),
    params:
        settings=once(lambda w: rule_params.train(PLANS[w.dataset], w.arm)),
        code=once(
            lambda w: rule_params.code(
                "train", PARAMS, w.dataset, PLANS[w.dataset].arms[w.arm]
            )
        ),
    script:
        "../scripts/train.py"
