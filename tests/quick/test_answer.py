from pathlib import Path

import pytest
from square_folder import write_folder

from frugalseg.core.errors import FrugalsegError
from frugalseg.quick.answer import Request, answer


def test_too_few_masks_and_acquisitions_that_cannot_choose_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "few", 7)

    def ask(acquire: str) -> None:
        answer(Request(folder, seeds=2, acquire=acquire), None)  # type: ignore[arg-type]

    with pytest.raises(FrugalsegError, match="found 7 masks, 6 of them .* at least 8 masks and 4"):
        ask("entropy")
    with pytest.raises(FrugalsegError, match="--acquire bald: .* Take entropy"):
        ask("bald")
    with pytest.raises(FrugalsegError, match="--acquire foreground_random: it looks at masks"):
        ask("foreground_random")
