#!/usr/bin/env python3
"""Cold callers: so many fresh processes that each want a port at the same moment, and what became of them.

usage: benchmarks/cold-callers.py [--hogs N] [--callers 1,20,100,500] [--rounds N] NAME=COMMAND...

Each caller is a shell that waits at a gate and then becomes the command; the gate opens for all at once. COMMAND prints a port
and ends with 0, or has failed. The commands take turns. PORTMGMT_REGISTRY is a new directory for each round; the leases
of portmgmt stay, so a port that two callers got is one that was given twice. --hogs: that many processes that only
compute run beside it.

    benchmarks/cold-callers.py native='.../portmgmt lease new' portpicker='python3 one.py'

benchmarks/lease-peers.sh makes the peers' programs and calls this with them.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter


def storm(command, callers, work):
    """Starts the callers, opens the gate, and gives what came of it: ports, failures, seconds of each, seconds of all."""
    gate, opener = os.pipe()
    outputs, processes = [], {}
    environment = dict(os.environ, PORTMGMT_REGISTRY=os.path.join(work, 'registry'))
    for number in range(callers):
        output = os.open(os.path.join(work, str(number)), os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC)
        outputs.append(output)
        actions = [(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_CLOSE, opener), (os.POSIX_SPAWN_DUP2, gate, 9)]
        shell = ['/bin/sh', '-c', 'read _ <&9; exec 9<&-; exec ' + command]
        processes[os.posix_spawn('/bin/sh', shell, environment, file_actions=actions)] = number
    os.close(gate)
    time.sleep(0.5)
    start = time.monotonic()
    os.close(opener)
    ports, failed, seconds = [], 0, []
    while processes:
        process, status, _ = os.wait3(0)
        if process not in processes:
            continue
        number = processes.pop(process)
        seconds.append(time.monotonic() - start)
        os.lseek(outputs[number], 0, os.SEEK_SET)
        text = os.read(outputs[number], 100).decode().strip()
        if status == 0 and text.isdigit():
            ports.append(int(text))
        else:
            failed += 1
    whole = time.monotonic() - start
    for output in outputs:
        os.close(output)
    return ports, failed, seconds, whole


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('\n')[2][7:])
    parser.add_argument('--hogs', type=int, default=0)
    parser.add_argument('--callers', default='1,20,100,500')
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('commands', nargs='+')
    options = parser.parse_args()
    commands = [text.split('=', 1) for text in options.commands]
    hogs = [subprocess.Popen(['/bin/sh', '-c', 'while :; do :; done']) for _ in range(options.hogs)]
    lost = False
    try:
        print(f'{"callers":>7}  {"":12} {"succeeded":>12} {"share":>7} {"given twice":>12} {"median ms":>10} {"last ms":>9}')
        for callers in map(int, options.callers.split(',')):
            rows = {name: ([], 0, [], []) for name, _ in commands}
            for _ in range(options.rounds):
                for name, command in commands:
                    work = tempfile.mkdtemp()
                    try:
                        ports, failed, seconds, whole = storm(command, callers, work)
                    finally:
                        shutil.rmtree(work)
                    row = rows[name]
                    twice = sum(count - 1 for count in Counter(ports).values())
                    rows[name] = (row[0] + [len(ports)], row[1] + twice, row[2] + seconds, row[3] + [whole])
            for name, (succeeded, twice, seconds, whole) in rows.items():
                total = callers * options.rounds
                lost |= sum(succeeded) < total
                print(f'{callers:7}  {name:12} {sum(succeeded):6}/{total:<5} {sum(succeeded) / total:7.1%} {twice:12} '
                      f'{statistics.median(seconds) * 1e3:10.1f} {statistics.median(whole) * 1e3:9.1f}', flush=True)
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()
    return 1 if lost else 0


sys.exit(main())
