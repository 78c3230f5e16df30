import pytest
from pydantic import ValidationError

from frugalseg.settings.arm import ArmParams


def test_an_arm_has_labels_or_a_start() -> None:
    with pytest.raises(ValidationError, match="either 'labels'"):
        ArmParams()
    with pytest.raises(ValidationError, match="either 'labels'"):
        ArmParams(labels=0.1, start="initial")
    with pytest.raises(ValidationError, match="belong together"):
        ArmParams(labels=0.1, model="m", training="t", acquire="random")


def test_a_start_is_an_arm_or_says_how_first_labels_are_chosen() -> None:
    own = {"model": "m", "training": "t"}
    assert ArmParams.model_validate({"labels": 4} | own).first.by == "random"
    typical = ArmParams.model_validate({"labels": 4, "start": {"by": "typical"}} | own)
    assert (typical.first.by, typical.first.features, typical.start_arm) == (
        "typical", "image", None,
    )  # fmt: skip
    assert ArmParams(start="initial").start_arm == "initial"
    with pytest.raises(ValidationError, match="chosen by 'start: {by: ...}'"):
        ArmParams.model_validate({"start": {"by": "typical"}} | own)
    with pytest.raises(ValidationError, match="unknown key 'bye'. Did you mean 'by'"):
        ArmParams.model_validate({"labels": 4, "start": {"bye": "typical"}} | own)


def test_an_arm_without_a_start_names_its_model_and_training() -> None:
    with pytest.raises(ValidationError, match="needs 'model' and 'training'"):
        ArmParams(labels=0.1, model="m")
    with pytest.raises(ValidationError, match="'training' needs 'like'"):
        ArmParams(start="initial", training={"lr": 0.1})


def acquiring(**fields: object) -> ArmParams:
    return ArmParams.model_validate(
        {"start": "initial", "acquire": "entropy", "query": 0.1, "rounds": 1} | fields
    )


@pytest.mark.parametrize("query", [0.1, 5, {"images": 5}, {"pixels": 9000}, {"seconds": 1.5}])
def test_a_query_is_an_amount_or_names_its_unit(query: object) -> None:
    found = acquiring(query=query).query
    assert found == query or getattr(found, next(iter(query))) is not None  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"query": {}}, "exactly one of 'images', 'regions', 'pixels' or 'seconds'"),
        ({"query": {"images": 1, "pixels": 2}}, "exactly one of"),
        ({"query": {"pictures": 1}}, "unknown key 'pictures'"),
        ({"query": 1.5}, "expected a share of the images above 0"),
        ({"query": {"regions": 3}}, "a query in regions is not possible with 'unit: image'"),
        ({"unit": "region"}, "'unit: region' and 'region: {size, stride}' belong together"),
        ({"region": {"size": 8, "stride": 8}}, "belong together"),
        (
            {"unit": "region", "region": {"size": 8, "stride": 8}, "aggregate": "max"},
            "expected aggregate 'sum' or 'mean'",
        ),
        (
            {"unit": "region", "region": {"size": 8, "stride": 8}, "query": {"images": 3}},
            "a query in images is not possible with 'unit: region'",
        ),
    ],
)
def test_a_query_fits_its_unit(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        acquiring(**fields)


def test_how_to_buy_means_nothing_without_buying() -> None:
    with pytest.raises(ValidationError, match="passes has no effect without 'acquire'"):
        ArmParams(start="initial", passes=3)
