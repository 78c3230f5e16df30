"""Checks of the planned contrasts that take more than one of them."""

from collections.abc import Iterator

from frugalseg.params.schema import Params


def check_weights(params: Params) -> Iterator[str]:
    """Yield a problem, beginning with its key, for weights that do not suit `statistics.order`."""
    is_fixed = params.statistics.order == "fixed"
    for dataset, contrasts in params.contrasts.items():
        for place, contrast in enumerate(contrasts):
            if is_fixed and "weight" in contrast.model_fields_set:
                yield (
                    f"contrasts.{dataset}.{place}.weight: a fixed sequence tests every contrast at "
                    "the whole error rate. Remove the weight, or set statistics.order to 'holm' or "
                    f"'fallback'; found {contrast.weight:g}"
                )
        if contrasts and not any(contrast.weight for contrast in contrasts):
            yield (
                f"contrasts.{dataset}: expected a contrast with a weight above 0, found 0 in all "
                f"{len(contrasts)}: nothing could be shown first. Remove a weight; it is 1 then"
            )
