"""Training: one loop for every strategy."""

LOSSES = {
    "dice": "frugalseg.training.losses:dice",
    "focal": "frugalseg.training.losses:focal",
    "bce": "frugalseg.training.losses:binary_cross_entropy",
    "ce": "frugalseg.training.losses:cross_entropy",
}

OPTIMIZERS = {
    "adam": "torch.optim:Adam",
    "adamw": "torch.optim:AdamW",
    "sgd": "torch.optim:SGD",
}
