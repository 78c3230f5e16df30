"""First labels chosen in eight ways against a random draw: `python -m benchmarks.starts OUT.csv`.

The learner is `head` of benchmarks/learning_curves.py, made cheap: a logistic regression on pixels
of the frozen, bundled encoder (10,000 of them, 32 principal components), trained on 4, 8, 16 and 32
images; the score is Dice over positives of the test images. A seed draws two thirds of the training
images as the pool that its starts choose from, so that a start without chance varies too; a budget
counts if it is at most half of the pool.
`entropy` doubles the 4 random labels by the mean entropy of the head's predictions.

Planned before the study (seeds 0 and 1 of the glands were a pilot), and decided by
`python -m benchmarks.starts OUT.csv --decide`:
- The score of a start is its mean Dice over the budgets that count, paired with `random` by seed.
- A start of `CANDIDATES` becomes the default of `start.by` if on every data set the lower end of
  the one-sided 95 % t-interval of its difference to `random` is above -0.02, and if on at least
  half of the data sets it is better by a two-sided t-test, after Holm over all candidates and data
  sets at 0.05. Of several, the one with the largest mean difference does. Otherwise `random` stays.
- `tags` and `entropy` are shown beside them: tags are paid for, and entropy is no start.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from scipy import stats

from benchmarks.heads import STAGES, Head, features, network
from benchmarks.learning_curves import Images
from frugalseg.acquisition import STARTS
from frugalseg.acquisition.base import Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.inference.embeddings import embed, encoder_features, salient_features
from frugalseg.models.scaling import Scaling
from frugalseg.statistics.order import adjust_p_values

Array = NDArray[Any]
SETS = ["glands", "cracks", "magnetic_tiles", "kolektorsdd2", "uav_cracks", "crackforest"]
BUDGETS = [4, 8, 16, 32]
FEATURES = {"image": encoder_features, "patch": salient_features}
CANDIDATES = [f"{by} {kind}" for by in ("typical", "coverage", "kcenter") for kind in FEATURES]
MARGIN, ALPHA = 0.02, 0.05
COMPONENTS, PIXELS, SEEDS = 32, 10_000, 20
COLUMNS = ["dataset", "start", "seed", "pool", *map(str, BUDGETS)]


def vectors_of(data: Images) -> dict[str, Array]:
    """Return the vectors that starts choose by, of all images, each of length 1."""
    sizes = np.tile(data.images.shape[1:3], (len(data.images), 1))
    rows = np.arange(len(data.images))
    way: dict[str, Any] = {"scaling": Scaling("imagenet"), "device": torch.device("cpu")}
    vectors = {
        kind: embed(function, network(0), data.images, rows, sizes, **way)
        for kind, function in FEATURES.items()
    }
    return {kind: v / np.linalg.norm(v, axis=1, keepdims=True) for kind, v in vectors.items()}


def both(pool: Array, labeled: Array) -> tuple[Array, Array]:
    """Return the vectors of a pool and of the labeled images."""
    return pool, labeled


def orders(
    data: Images, vectors: dict[str, Array], pool: Array, seed: int
) -> Iterator[tuple[str, Array]]:
    """Yield the name of each start, and the rows that it labels first."""
    index = pd.DataFrame({"image_id": [f"{row:05}" for row in pool]})
    offered = Pool(index.assign(height=1, width=1, pixels=1), round=0)
    for name in ("random", "tags", *CANDIDATES):
        by, _, kind = name.partition(" ")
        chosen = vectors[kind or "image"][pool]
        embeddings = partial(both, chosen, chosen[:0])
        seen = replace(offered, tags=partial(data.tags.__getitem__, pool), embeddings=embeddings)
        start = lookup(STARTS, by, "start")
        choice = start.select(seen, QuerySize(max(BUDGETS)), generator(seed, "start"))
        yield name, np.array([int(query.image_id) for query in choice.queries])


def budgets(pool: Array) -> list[int]:
    """Return the budgets that count for a pool."""
    return [count for count in BUDGETS if count <= len(pool) / 2]


def measure(name: str, archives: Path, seeds: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one data set."""
    data = Images(name, archives)
    vectors = vectors_of(data)
    maps, masks = compressed(data)
    test = data.test[masks[data.test].any(axis=(1, 2))]
    print(name, len(data.pool), len(test), flush=True)
    for seed in seeds:
        size = len(data.pool) * 2 // 3
        pool = np.sort(generator(seed, "pool").permutation(data.pool)[:size])

        def score(rows: Array, seed: int = seed) -> tuple[Head | None, float]:
            head = Head.of(maps, masks, np.sort(rows), generator(seed, "pixels"), PIXELS)
            return head, round(head.dice(maps, masks, test), 4) if head else 0.0

        for start, order in orders(data, vectors, pool, seed):
            scores = [score(order[:count])[1] for count in budgets(pool)]
            yield name, start, seed, len(pool), *scores
            if start == "random":
                grown, scores = order[: BUDGETS[0]], []
                for count in budgets(pool):
                    head, value = score(grown)
                    scores.append(value)
                    left = np.setdiff1d(pool, grown)
                    entropy = uncertainty(head, maps, left)
                    grown = np.concatenate([grown, left[np.argsort(-entropy)][:count]])
                yield name, "entropy", seed, len(pool), *scores


def compressed(data: Images) -> tuple[torch.Tensor, Array]:
    """Return the principal components of the head's features, and masks of their size."""
    maps, masks = features(data.images, data.masks, STAGES["head"])
    pixels = maps[torch.from_numpy(data.pool)].movedim(1, 0).flatten(1)
    _, vectors = torch.linalg.eigh(pixels @ pixels.T / pixels.shape[1])
    return torch.einsum("ndhw,dk->nkhw", maps, vectors[:, -COMPONENTS:]).contiguous(), masks


def uncertainty(head: Head | None, maps: torch.Tensor, rows: Array) -> Array:
    """Return the mean entropy of each image's predictions; 0 without a model."""
    if head is None:
        return np.zeros(len(rows))
    probs = head.logits(maps, rows).sigmoid().clamp(1e-7, 1 - 1e-7)
    entropy = -(probs * probs.log() + (1 - probs) * (1 - probs).log())
    return np.asarray(entropy.mean(dim=(1, 2)).numpy())


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each start and data set: what it brings over a random draw.

    Args:
        table: of `COLUMNS`, empty where a budget does not count.
    """
    columns = ["mean", *map(str, BUDGETS)]
    table = table.assign(mean=table[columns[1:]].mean(axis=1))
    keys = ["dataset", "seed"]
    chance = table[table["start"] == "random"].set_index(keys)
    rows = []
    for (name, start), part in table.groupby(["dataset", "start"], sort=False):
        paired = part.set_index(keys)[columns] - chance.loc[[name], columns]
        change = paired["mean"].to_numpy()
        if start == "random":
            continue
        error = change.std(ddof=1) / np.sqrt(len(change))
        rows.append(
            {
                "dataset": name,
                "start": start,
                "seeds": len(change),
                "difference": change.mean(),
                "error": error,
                "low": change.mean() - stats.t.ppf(1 - ALPHA, len(change) - 1) * error,
                "p": stats.ttest_1samp(change, 0).pvalue,
                **paired[columns[1:]].mean().to_dict(),
            }
        )
    found = pd.DataFrame(rows)
    tested = found["start"].isin(CANDIDATES)
    found.loc[tested, "p_holm"] = adjust_p_values(found.loc[tested, "p"].tolist(), "holm")
    return found


def decide(found: pd.DataFrame) -> str:
    """Return the start that becomes the default, by the rule above; `random` until all is run."""
    if set(SETS) - set(found["dataset"]) or found["seeds"].min() < SEEDS:
        return "random"
    candidates = found[found["start"].isin(CANDIDATES)]
    better = (candidates["difference"] > 0) & (candidates["p_holm"] < ALPHA)
    votes = candidates.assign(safe=candidates["low"] > -MARGIN, better=better).groupby("start")
    passing = votes["safe"].all() & (votes["better"].mean() >= 0.5)
    if not passing.any():
        return "random"
    return str(votes["difference"].mean()[passing].idxmax())


def by_set(table: pd.DataFrame, found: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of a table in Markdown: what each start brings on each data set.

    `*` marks what is better or worse than `random` after Holm; without it for the last two rows.
    """
    names = [name for name in SETS if name in set(found["dataset"])]
    yield f"| start | {' | '.join(names)} | mean |"
    yield "|---" * (len(names) + 2) + "|"
    chance = table[table["start"] == "random"].set_index("dataset")[list(map(str, BUDGETS))]
    means = chance.mean(axis=1).groupby("dataset").mean()
    seeds = table.groupby("dataset")["seed"].nunique()
    yield f"| seeds | {' | '.join(str(seeds[name]) for name in names)} | |"
    yield f"| `random`, Dice | {' | '.join(f'{means[n]:.3f}'[1:] for n in names)} | |"
    for start in (*CANDIDATES, "tags", "entropy"):
        rows = found[found["start"] == start].set_index("dataset")
        cells = [
            f"{signed(rows['difference'][n])}{'*' if rows['p_holm'][n] < ALPHA else ''}"
            for n in names
        ]
        yield f"| `{start}` | {' | '.join(cells)} | {signed(rows['difference'].mean())} |"


def by_budget(found: pd.DataFrame) -> Iterator[str]:
    """Yield the lines of a table in Markdown: what each start brings at each number of images."""
    yield f"| start | {' | '.join(map(str, BUDGETS))} |"
    yield "|---" * (len(BUDGETS) + 1) + "|"
    for start in (*CANDIDATES, "tags", "entropy"):
        means = found[found["start"] == start][list(map(str, BUDGETS))].mean()
        yield f"| `{start}` | {' | '.join(signed(value) for value in means)} |"


def signed(value: float) -> str:
    """Return a difference as documents write it: +.012; a dash without one."""
    return "–" if np.isnan(value) else f"{value:+.3f}".replace("0.", ".", 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one row for each data set, start and seed, appending to what the file holds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.starts", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(SEEDS)))
    parser.add_argument("--decide", action="store_true", help="show what the file holds")
    options = parser.parse_args(arguments)
    if options.decide:
        table = pd.read_csv(options.out)
        found = differences(table)
        print(found.round(4).to_string(index=False))
        print("\n".join(["", *by_set(table, found), "", *by_budget(found)]))
        print("default:", decide(found))
        return
    torch.set_num_threads(1)
    archives = Path(os.environ.get("FRUGALSEG_DATA", "../shared/data"))
    for name in options.sets:
        for row in measure(name, archives, options.seeds):
            table = pd.DataFrame([row], columns=COLUMNS[: len(row)]).reindex(columns=COLUMNS)
            table.to_csv(options.out, mode="a", header=not options.out.exists(), index=False)


if __name__ == "__main__":
    main()
