import torch

from frugalseg.training.batches import Views


def test_targets_follow_a_strong_views_boxes() -> None:
    boxes = torch.zeros(2, 1, 4, 4, dtype=torch.bool)
    boxes[0, :, :2] = True
    none = torch.zeros_like(boxes)
    image = torch.zeros(2, 3, 4, 4)
    views = Views(image, (image, image), (none, boxes), torch.ones(2, 4, 4, dtype=torch.bool))
    target = torch.tensor([1, 2]).view(2, 1, 1).expand(2, 4, 4)
    assert torch.equal(views.mixed(target, 0), target)
    assert views.mixed(target, 1)[0].unique_consecutive().tolist() == [2, 1]
    assert views.mixed(target, 1)[1].eq(2).all()
