"""Time and memory of a large report, and the time until a browser has opened it.

Twelve arms, twenty seeds, a thousand test images with stored predictions. Linux only: it reads
the peak from the process's own status.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

# some installed packages contain a package `tests`, which would be imported instead
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(Path(__file__).parents[1] / "tests")]

from tests.reporting.browser import launch, opened  # noqa: E402
from tests.reporting.study_factory import ARMS, Plan, write_study  # noqa: E402

OPENINGS = 5
MORE = {f"arm_{k}": {"start": "initial", "query": 0.1, "rounds": 2} for k in range(7)}
LARGE = Plan(arms={**ARMS, **MORE}, seeds=20, images=4_000, samples=1_000, size=(96, 96))
CHILD = """
import json, sys, time
from pathlib import Path
from benchmarks.report import LARGE
from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.page.page import render
from frugalseg.reporting.load.study import load_study
from tests.reporting.study_factory import params, provenance

folder, out = Path(sys.argv[1]), Path(sys.argv[1]) / "reports" / "large"
start, began = time.process_time(), time.perf_counter()
settings = params(LARGE)
study = load_study(folder / "data", folder / "results", settings, provenance())
draw_all(study, out / "figures")
drawn = time.process_time()
render(study, out / "figures", out / "index.html")
status = Path("/proc/self/status").read_text()
peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps({"wall": time.perf_counter() - began, "plot": drawn - start,
                  "page": time.process_time() - drawn, "megabytes": int(peak) / 1024}))
"""


def main() -> None:
    """Print seconds and peak memory of figures and page, and milliseconds to an opened page."""
    with tempfile.TemporaryDirectory() as name:
        write_study(Path(name), LARGE)
        command = [sys.executable, "-c", CHILD, name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        took = json.loads(done.stdout.splitlines()[-1])
        page = Path(name) / "reports" / "large" / "details.html"
        pictures = sum(path.stat().st_size for path in (page.parent / "pictures").rglob("*.*"))
        print(
            f"figures {took['plot']:.1f} s and page {took['page']:.1f} s of processor time, "
            f"{took['wall']:.1f} s on the clock, {took['megabytes']:.0f} MB at most; page "
            f"{page.stat().st_size / 1e6:.1f} MB, pictures beside it {pictures / 1e6:.1f} MB",
            flush=True,
        )
        ready = times_to_ready(page)
    print(f"DOM ready after {statistics.median(ready):.0f} ms (median of {len(ready)}, "
          f"{min(ready):.0f} to {max(ready):.0f})", flush=True)  # fmt: skip


def times_to_ready(page: Path) -> list[float]:
    """Return milliseconds from the start of the navigation to the end of DOMContentLoaded."""
    script = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    times = []
    with launch() as browser:
        for _ in range(OPENINGS):
            with opened(browser, page) as tab:
                times.append(float(tab.evaluate(script)))
    return times
