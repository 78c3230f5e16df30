from frugalseg.core.text import plural


def test_a_noun_agrees_with_its_number() -> None:
    assert plural(1, "arm") == "1 arm"
    assert plural(0, "arm") == "0 arms"
    assert plural(1234, "image") == "1,234 images"
