import pytest
from jinja2 import UndefinedError

from frugalseg.reporting.page.templating import environment


def test_what_is_put_in_is_escaped() -> None:
    made = environment().from_string("{{ name }} {{ name | breakable }}")
    assert made.render(name="<a_b>") == "&lt;a_b&gt; &lt;a_<wbr>b&gt;"


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()
