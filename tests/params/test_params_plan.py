from plans import buying, planned


def test_rounds_count_purchases_and_parents_chain_them() -> None:
    arms = planned(
        initial={"labels": 0.1},
        active={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 2},
        later={"start": "active", "acquire": "random", "query": 0.1, "rounds": 1},
        continued={"start": "active"},
        alone={"labels": 0.1, "acquire": "random", "query": 5, "rounds": 2},
    )
    assert {name: arm.rounds for name, arm in arms.arms.items()} == {
        "initial": (0,),
        "active": (1, 2),
        "later": (3,),
        "continued": (2,),
        "alone": (0, 1, 2),
    }
    assert arms.parent("initial", 0) is None
    assert arms.parent("active", 1) == ("initial", 0)
    assert arms.parent("active", 2) == ("active", 1)
    assert arms.parent("later", 3) == ("active", 2)
    assert arms.parent("continued", 2) == ("active", 2)
    assert arms.parent("alone", 0) is None


def test_active_rounds_start_cold_and_continued_training_warm() -> None:
    arms = planned(
        initial={"labels": 0.1},
        active={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 1},
        warm={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 1, "warm": True},
        continued={"start": "initial"},
    )
    assert arms.start_model("active", 1) is None
    assert arms.start_model("warm", 1) == ("initial", 0)
    assert arms.start_model("continued", 0) == ("initial", 0)


def test_a_model_chooses_only_where_one_is_needed() -> None:
    assert buying(acquire="entropy").choosing_model("active", 1) == ("initial", 0)
    assert buying(acquire="entropy").choosing_model("active", 2) == ("active", 1)
    assert buying(acquire="entropy").choosing_model("initial", 0) is None
    for acquire in ("random", "foreground_random"):
        assert buying(acquire=acquire).choosing_model("active", 1) is None
