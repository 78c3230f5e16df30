def oracle_masks(wildcards):
    """Name the masks where an arm buys tags: they answer when a tile's tag is bought."""
    this = PLANS[wildcards.dataset].arms[wildcards.arm]
    return f"{PREPARED}/masks.npy".format(**wildcards) if this.tags else []


def bought_masks(wildcards):
    """Name the masks only where an arm's ledger can hold any."""
    bought = PLANS[wildcards.dataset].buys_masks(wildcards.arm)
    return f"{PREPARED}/masks.npy".format(**wildcards) if bought else []


def pseudo_masks(wildcards):
    drawn = PLANS[wildcards.dataset].arms[wildcards.arm].pseudo is not None
    return f"{ROUND}/pseudo.npy".format(**wildcards) if drawn else []


def pseudo_model(wildcards):
    plan = PLANS[wildcards.dataset]
    number = plan.arms[wildcards.arm].rounds[0]
    parent = plan.pseudo_model(wildcards.arm, number)
    return round_file(wildcards, parent, "model.safetensors")


def pseudo_listing(wildcards):
    number = PLANS[wildcards.dataset].arms[wildcards.arm].rounds[0]
    return round_file(wildcards, (wildcards.arm, number), "pseudo.csv")


def runs_with(dataset, choose):
    """Return arm and seed of every run of the arms that `choose` (plan, name) chooses."""
    plan = PLANS[dataset]
    return [(arm, seed) for arm in plan.arms if choose(plan, arm) for seed in SEEDS]


def draws(plan, arm):
    return plan.arms[arm].pseudo is not None


def of_runs(pattern, choose):
    """Return an input function: `pattern` for every run of the chosen arms of a data set."""
    return lambda wildcards: [
        pattern.format(
            dataset=wildcards.dataset,
            arm=arm,
            seed=seed,
            round=PLANS[wildcards.dataset].arms[arm].rounds[-1],
        )
        for arm, seed in runs_with(wildcards.dataset, choose)
    ]


def tag_tables(wildcards):
    """Name the tables on tags that a data set's report shows; none for one without tags."""
    plan = PLANS[wildcards.dataset]
    made = {
        "ladder": settings.ladders(plan),
        "shortcut": plan.origin and any(plan.buys_tags(arm) for arm in plan.arms),
    }
    return [f"results/{wildcards.dataset}/{name}.csv" for name in made if made[name]]


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
    params:
        settings=lambda w: settings.pseudo(PLANS[w.dataset], w.arm),
        code=lambda w: settings.code("pseudo", PARAMS, w.dataset),
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
    params:
        settings=lambda w: settings.pseudo(PLANS[w.dataset], w.arm),
        code=lambda w: settings.code("refine", PARAMS, w.dataset),
    script:
        "../scripts/refine.py"


rule ladder:
    input:
        scores="results/{dataset}/scores.csv",
        refined=of_runs(f"{EVALUATED}/refined.parquet", draws),
    output:
        "results/{dataset}/ladder.csv",
    log:
        "logs/{dataset}/ladder.log",
    benchmark:
        "logs/{dataset}/ladder.tsv"
    params:
        ladders=lambda w: settings.ladders(PLANS[w.dataset]),
        runs=lambda w: runs_with(w.dataset, draws),
        code=lambda w: settings.code("ladder", PARAMS, w.dataset),
    script:
        "../scripts/ladder.py"


rule shortcut:
    input:
        counts=of_runs(f"{EVALUATED}/counts.parquet", parameters.Plan.buys_tags),
        ledgers=of_runs(f"{ROUND}/labels.csv", parameters.Plan.buys_tags),
    output:
        "results/{dataset}/shortcut.csv",
    log:
        "logs/{dataset}/shortcut.log",
    benchmark:
        "logs/{dataset}/shortcut.tsv"
    params:
        origin=lambda w: PLANS[w.dataset].origin,
        runs=lambda w: runs_with(w.dataset, parameters.Plan.buys_tags),
        code=lambda w: settings.code("shortcut", PARAMS, w.dataset),
    script:
        "../scripts/shortcut.py"
