"""Draw a first learning curve for a folder of images and masks within minutes; no study is made.

Example:
  frugalseg quick my-images --out quick.html
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from frugalseg.cli.values import count, refuse_existing


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg quick`."""
    parser.add_argument(
        "folder", type=Path, metavar="DIR",
        help="a folder with images/, masks/ and perhaps unlabeled/",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("quick.html"), metavar="FILE",
        help="the page; default: %(default)s",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace a page that exists")
    parser.add_argument(
        "--seeds", type=count, default=30, metavar="N",
        help="draws of labels and of test images; default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--n", type=count, default=10, metavar="N",
        help="images of unlabeled/ to suggest; default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--acquire", default="entropy", metavar="NAME",
        help="how they are chosen, such as coreset or random; default: %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--threads", type=count, default=2, metavar="N", help="default: %(default)s"
    )


def run(options: Namespace) -> str:
    """Find the answer, write its page, and return it as text."""
    refuse_existing([options.out], options.force)
    from frugalseg.cli.progress import progress_bar
    from frugalseg.quick.answer import Request, answer
    from frugalseg.quick.page import print_answer, write_page

    request = Request(
        options.folder, options.seeds, options.n, options.acquire, threads=options.threads
    )
    found = answer(request, progress_bar)
    write_page(found, request, options.out)
    return f"{print_answer(found, request)}\n\n{options.out}"
