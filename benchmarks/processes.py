#!/usr/bin/env python3
"""Whole processes side by side in one run, in turns: wall time, processor time, peak memory.

usage: benchmarks/processes.py [ROUNDS] NAME=COMMAND...

Medians. The first command is the one that the others are compared with. Peak memory is measured apart, beside nothing, by GNU time:
a process that this program starts would have its memory counted.

    benchmarks/processes.py 40 native='.../portmgmt lease new' portpicker='/usr/bin/python3 one.py' true=/bin/true
"""
import os
import shlex
import statistics
import subprocess
import sys
import time


def run(command, actions):
    start = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    elapsed = time.perf_counter() - start
    if status != 0:
        sys.exit(f'{shlex.join(command)} ended with {os.waitstatus_to_exitcode(status)}')
    return elapsed * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3


def peak(command):
    script = ['/bin/sh', '-c', '/usr/bin/time -f %M "$@" 2>&1 >/dev/null </dev/null | tail -n 1', 'sh', *command]
    return statistics.median(int(subprocess.run(script, capture_output=True, text=True, check=True).stdout) for _ in range(5)) / 1024


def main():
    arguments = sys.argv[1:]
    rounds = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 40
    if not arguments:
        sys.exit(__doc__.split('\n')[2])
    commands = {name: shlex.split(text) for name, text in (argument.split('=', 1) for argument in arguments)}
    nothing = os.open('/dev/null', os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)]
    taken = {name: [] for name in commands}
    for number in range(rounds + 2):
        for name, command in commands.items():
            sample = run(command, actions)
            if number >= 2:
                taken[name].append(sample)
    reference = [statistics.median(column) for column in zip(*next(iter(taken.values())))]
    print(f'{"":16} {"ms":>8} {"×":>6} {"processor ms":>13} {"×":>6} {"peak MB":>8}')
    for name, samples in taken.items():
        wall, processor = (statistics.median(column) for column in zip(*samples))
        memory = peak(commands[name]) if os.path.exists('/usr/bin/time') else float('nan')
        print(f'{name:16} {wall:8.2f} {wall / reference[0]:6.2f} {processor:13.2f} {processor / reference[1]:6.2f} {memory:8.1f}')


main()
