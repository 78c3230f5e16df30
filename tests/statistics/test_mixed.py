import numpy as np
import pandas as pd
import pytest

from frugalseg.statistics.mixed import fit_mixed


def simulate(seeds: int, images: int, rng: np.random.Generator) -> pd.DataFrame:
    of_seed, of_image = rng.normal(0, 0.05, seeds), rng.normal(0, 0.1, images)
    rest = rng.normal(0, 0.1, (seeds, images))
    values = 0.02 + of_seed[:, None] + of_image + rest
    table = pd.DataFrame(values, columns=[f"i{n}" for n in range(images)])
    return table.rename_axis("seed").reset_index().melt("seed", None, "image_id", "difference")


@pytest.mark.parametrize(("seeds", "images"), [(6, 30), (10, 20)])
def test_balanced_data_give_the_closed_form(seeds: int, images: int) -> None:
    # Two-way layout with one value a cell: mean squares give every variance (Searle et al., 1992).
    data = simulate(seeds, images, np.random.default_rng(5))
    cells = data.pivot_table(index="seed", columns="image_id", values="difference").to_numpy()
    rows, columns = cells.mean(axis=1), cells.mean(axis=0)
    rest = cells - rows[:, None] - columns + cells.mean()
    mean_square = (rest**2).sum() / ((seeds - 1) * (images - 1))
    of_seeds, of_images = images * rows.var(ddof=1), seeds * columns.var(ddof=1)
    found = fit_mixed(data, np.random.default_rng(0))
    assert found.mean == pytest.approx(cells.mean(), abs=1e-8)
    assert found.error == pytest.approx(
        np.sqrt((of_seeds + of_images - mean_square) / (seeds * images)), rel=1e-4
    )
    assert found.seed_sd == pytest.approx(np.sqrt((of_seeds - mean_square) / images), rel=1e-3)
    assert found.image_sd == pytest.approx(np.sqrt((of_images - mean_square) / seeds), rel=1e-3)
    assert found.rest_sd == pytest.approx(np.sqrt(mean_square), rel=1e-3)
    assert (found.seeds, found.images, found.note) == (seeds, images, "")


def test_too_many_images_are_thinned_and_counted() -> None:
    data = simulate(5, 50, np.random.default_rng(0))
    found = fit_mixed(data, np.random.default_rng(0), rows=100)
    assert (found.seeds, found.images) == (5, 20)


def test_what_is_not_defined_says_so() -> None:
    data = simulate(1, 5, np.random.default_rng(0))
    flat = simulate(4, 5, np.random.default_rng(0)).assign(difference=0.25)
    for table, mean in ((data, data["difference"].mean()), (flat, 0.25)):
        found = fit_mixed(table, np.random.default_rng(0))
        assert found.mean == pytest.approx(mean)
        assert np.isnan([found.error, found.p, found.seed_sd]).all()
        assert "some spread" in found.note
