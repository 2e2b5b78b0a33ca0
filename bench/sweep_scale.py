"""Time and peak memory of what `grok` does with a whole sweep, over its number of runs.

    python3 bench/sweep_scale.py target/release/grok 1000 10000 100000

The results are synthetic: copies of one short run's log, each with the settings of its own run. Prints a
table of Markdown. Needs about 15 kB of disk for each run of the largest sweep, in a folder that is removed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = {"preset": "quick", "modulus": 11, "width": 16, "budget": 400}
SEEDS_MAX = 1000


def sweep_file(runs):
    """A grid of train fractions and seeds: as many runs as were asked for."""
    seeds = min(SEEDS_MAX, runs // 10)
    fractions = [round(0.2 + 0.7 * i / (runs // seeds), 4) for i in range(runs // seeds)]
    settings = "".join(f"{key} = {json.dumps(value)}\n" for key, value in SETTINGS.items() if key != "preset")
    return (
        f'preset = "{SETTINGS["preset"]}"\n[settings]\n{settings}'
        f"[vary]\nseed = {list(range(seeds))}\ntrainFraction = {fractions}\n"
    )


def measured(command, cwd, output):
    """Seconds, peak memory in MB, and the number of lines printed."""
    started = time.monotonic()
    with open(output, "wb") as printed:
        process = subprocess.Popen(command, cwd=cwd, stdout=printed)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"`{' '.join(map(str, command))}` ended with {process.returncode}")
    with open(output, "rb") as printed:
        lines = sum(1 for _ in printed)
    return seconds, usage.ru_maxrss / 1024, lines


def template(grok, folder):
    """The lines of one run's log."""
    log = folder / "template.jsonl"
    flags = [f for key, value in SETTINGS.items() for f in (f"--{key}", str(value))]
    subprocess.run([grok, "train", *flags, "--every", "40", "--log", log, "--inspect"], check=True, stdout=subprocess.DEVNULL)
    return log.read_text().splitlines()


def result(lines, settings):
    """The log of a run with these settings."""
    first, *middle, last = lines
    ends = [json.loads(first), json.loads(last)]
    for line in ends:
        line["config"].update(settings)
    return "\n".join([json.dumps(ends[0]), *middle, json.dumps(ends[1])]) + "\n"


def number(text):
    value = float(text)
    return int(value) if value.is_integer() else value


def finish(plan, lines):
    """Writes the result of every planned run, and gives their mean size in bytes."""
    size = 0
    for line in plan.read_text().splitlines():
        words = line.split()
        config = json.loads(Path(words[words.index("--config") + 1].strip("'")).read_text())
        settings = {key: number(config["settings"][key]) for key in ("seed", "trainFraction")}
        text = result(lines, settings)
        Path(words[words.index("--log") + 1].strip("'")).write_text(text)
        size += len(text)
    return size / max(1, len(plan.read_text().splitlines()))


def fullest(folder):
    return max(len(files) for _, _, files in os.walk(folder))


def main():
    grok = Path(sys.argv[1]).resolve()
    sizes = [int(size) for size in sys.argv[2:]] or [1000]
    print("| runs | command | seconds | peak MB | lines |\n|---:|---|---:|---:|---:|")
    for runs in sizes:
        with tempfile.TemporaryDirectory(prefix="grok-scale-") as path:
            folder = Path(path)
            (folder / "sweep.toml").write_text(sweep_file(runs))
            sweep = [grok, "sweep", "--config", "sweep.toml", "--out", "runs"]
            plan = folder / "plan"

            def row(name, command, output=folder / "printed"):
                seconds, memory, lines = measured(command, folder, output)
                print(f"| {runs} | `{name}` | {seconds:.2f} | {memory:.0f} | {lines} |", flush=True)

            row("sweep --plan", [*sweep, "--plan"], plan)
            size = finish(plan, template(grok, folder))
            row("sweep --plan --resume", [*sweep, "--plan", "--resume"])
            row("sweep --resume", [*sweep, "--resume", "--jobs", "1"])
            row("summary", [grok, "summary", "runs"])
            row("summary --csv", [grok, "summary", "runs", "--csv"])
            row("readings", [grok, "readings", "runs"])
            most = fullest(folder / "runs")
            print(f"\n{runs} results of {size / 1e3:.0f} kB, at most {most} files in a folder.\n", flush=True)


if __name__ == "__main__":
    main()
