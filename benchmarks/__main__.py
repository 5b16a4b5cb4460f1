"""All measurements, one after another; or those named: `python -m benchmarks stock floor`."""

from __future__ import annotations

import importlib
import sys

from benchmarks import measure

ALL = ("stock", "otter", "floor", "scale", "cluster", "button", "report", "practice")


def main(names: list[str]) -> None:
    """Run the measurements of these names, all if there are none."""
    unknown = set(names) - set(ALL)
    if unknown:
        raise SystemExit(
            f"no measurement is named {', '.join(sorted(unknown))}; there are {', '.join(ALL)}"
        )
    print(measure.machine())
    for name in names or ALL:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{module.__doc__.splitlines()[0]}", flush=True)
        module.main()


if __name__ == "__main__":
    main(sys.argv[1:])
