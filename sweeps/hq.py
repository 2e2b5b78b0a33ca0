#!/usr/bin/env python3
"""A sweep through HyperQueue, for machines without Slurm:

    pip install hyperqueue==0.27.0
    grok sweep --config sweeps/outliers.toml --out runs --plan > plan
    python3 sweeps/hq.py plan
    grok summary runs

Runs here, on every core. With --server it hands the runs to a HyperQueue server of the same version, whose
workers may be on other machines that see the same folders; what a lost worker had begun goes on from its
checkpoint elsewhere. If runs failed or were killed, the same command goes on with them.
"""

import argparse
import os
import sys
from pathlib import Path

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
from hyperqueue.output import StdioDef
from hyperqueue.task.task import ResourceRequest

parser = argparse.ArgumentParser(description="Trains every line of a plan through HyperQueue.")
parser.add_argument("plan", type=Path, help="what `grok sweep --plan` printed")
parser.add_argument("--cpus", type=int, default=1, help="cores of a run (1)")
parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)), help="cores of this machine to use (all)")
parser.add_argument("--server", help="folder of a running server, such as ~/.hq-server, instead of this machine")


def train(client, lines, cpus):
    """Whether every line had its result."""
    job = Job(name="grok", max_fails=None, default_env={"RAYON_NUM_THREADS": str(cpus)})
    for line in lines:
        job.program(
            ["bash", "-c", f"exec {line}"],
            resources=ResourceRequest(cpus=cpus),
            stdout=None,
            # Kept of those that fail.
            stderr=StdioDef.remove_if_finished(),
        )
    submitted = client.submit(job)
    if client.wait_for_jobs([submitted], raise_on_error=False):
        return True
    for task, failed in client.get_failed_tasks(submitted).items():
        print(f"{failed.error} {failed.stderr or ''}\n  {lines[task]}", file=sys.stderr)
    return False


def main():
    arguments = parser.parse_args()
    lines = arguments.plan.read_text().splitlines()
    if not lines:
        return True
    if arguments.server:
        return train(Client(arguments.server), lines, arguments.cpus)
    with LocalCluster(worker_config=WorkerConfig(cores=arguments.cores)) as cluster:
        return train(cluster.client(), lines, arguments.cpus)


sys.exit(0 if main() else 1)
