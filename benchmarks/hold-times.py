#!/usr/bin/env python3
"""For how long fresh processes have the registry's lock, traced: from the return of flock to the close of the file.

usage: benchmarks/hold-times.py [ROUNDS] NAME=COMMAND...

Each command is run so many times, in turns, under strace(1), which stops it for nothing else but flock and close; what that costs is
in the figures. Needs PORTMGMT_REGISTRY, or uses the user's registry.
"""
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

CALL = re.compile(r'\d+ +(\d+\.\d+) (flock|close)\((\d+)(.*)')


def hold_times(command, trace):
    subprocess.run(['strace', '-f', '--seccomp-bpf', '-ttt', '-e', 'trace=flock,close', '-o', trace, *command],
                   stdout=subprocess.DEVNULL, check=True)
    start = held = None
    with open(trace, encoding='utf-8') as lines:
        for call in filter(None, map(CALL.match, lines)):
            moment, name, file, rest = float(call[1]), call[2], call[3], call[4]
            if name == 'flock' and rest.endswith('= 0'):
                start, held = moment, file
            elif name == 'close' and file == held:
                yield (moment - start) * 1e3
                start = held = None


def main():
    arguments = sys.argv[1:]
    rounds = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 40
    if not arguments:
        sys.exit(__doc__.split('\n')[2])
    commands = {name: shlex.split(text) for name, text in (argument.split('=', 1) for argument in arguments)}
    times = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as work:
        for _ in range(rounds):
            for name, command in commands.items():
                times[name] += hold_times(command, os.path.join(work, 'trace'))
    print(f'{"":16} {"holds":>6} {"median ms":>10} {"p90 ms":>8} {"max ms":>8}')
    for name, samples in times.items():
        samples.sort()
        print(f'{name:16} {len(samples):6} {statistics.median(samples):10.3f} {samples[len(samples) * 9 // 10]:8.3f} {samples[-1]:8.3f}')


main()
