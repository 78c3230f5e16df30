import pytest
from pydantic import TypeAdapter, ValidationError

from frugalseg.settings.section import Amount, ImageSize, Name, Section


class Inner(Section):
    value: int = 1


class Outer(Section):
    inner: Inner = Inner()


def test_an_unknown_key_is_refused_at_its_place() -> None:
    with pytest.raises(ValidationError) as error:
        Outer.model_validate({"inner": {"valeu": 2}})
    fault = error.value.errors()[0]
    assert fault["loc"] == ("inner",)
    assert "unknown key 'valeu'. Did you mean 'value'? Valid keys: value" in fault["msg"]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_are_finite(value: float) -> None:
    class Rate(Section):
        value: float

    with pytest.raises(ValidationError, match="finite number"):
        Rate.model_validate({"value": value})


@pytest.mark.parametrize("value", [0.1, 1.0, 1, 20])
def test_amounts_are_shares_or_numbers_and_keep_their_type(value: float) -> None:
    found = TypeAdapter(Amount).validate_python(value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [0, 0.0, -0.1, 1.1, True, "half", float("nan")])
def test_other_amounts_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Amount).validate_python(value)


@pytest.mark.parametrize(("value", "good"), [([96, 64], True), ([96, 65], False), ([0, 32], False)])
def test_image_sizes_are_multiples_of_32(value: list[int], good: bool) -> None:
    if good:
        assert TypeAdapter(ImageSize).validate_python(value) == tuple(value)
    else:
        with pytest.raises(ValidationError, match="multiples of 32"):
            TypeAdapter(ImageSize).validate_python(value)


@pytest.mark.parametrize("name", ["../x", "a b", "", "a/b", "-a", "x" * 61, "<script>"])
def test_names_that_would_break_a_path_or_a_page_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(name)
