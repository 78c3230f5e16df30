"""Names that become folders: two that differ only in case are one folder on macOS and Windows."""

from collections.abc import Iterable, Iterator

from frugalseg.params.schema import Params


def check_names(params: Params) -> list[str]:
    """Return a fault for every name that an earlier one of its section is but for case."""
    sections: dict[str, Iterable[str]] = {
        "datasets": params.datasets,
        "models": params.models,
        "training": params.training,
        "arms": params.arms,
        **{f"arms.{dataset}": arms for dataset, arms in params.arms.items()},
    }
    return [fault for section, names in sections.items() for fault in _alike(section, names)]


def _alike(section: str, names: Iterable[str]) -> Iterator[str]:
    first: dict[str, str] = {}
    for name in names:
        earlier = first.setdefault(name.lower(), name)
        if earlier != name:
            yield (
                f"{section}.{name}: differs from {section}.{earlier} in case only. On macOS and "
                "Windows both would be one folder: give one of them another name"
            )
