"""The command line of dev/check."""
import argparse
import sys

from lib import gates
from lib.finding import CannotCheck, Finding
from lib.tree import Tree


def main(words, root):
    wanted = parse(words, root)
    if wanted.list:
        return list_gates()
    tree = Tree(wanted.root)
    if wanted.update:
        print("wrote " + gates.unsafe_count.update(tree))
        return 0
    results = [(gate, run(gate, tree)) for gate in choose(wanted.gates)]
    print_details(results, wanted.warnings)
    return 1 if any(errors(findings) for _, findings in results) else 0


def parse(words, root):
    parser = argparse.ArgumentParser(prog="dev/check", description="Runs the gates; all but the slow ones if none is named.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help="the gates to run")
    parser.add_argument("--list", action="store_true", help="list the gates and what each of them holds")
    parser.add_argument("--root", default=root, help="the tree to check (default: this one)")
    parser.add_argument("--warnings", action="store_true", help="print warnings, too")
    parser.add_argument("--update", action="store_true", help="with the gate `unsafe`: write its list anew")
    wanted = parser.parse_args(words)
    unknown = set(wanted.gates) - {gate.NAME for gate in gates.ALL}
    if unknown:
        parser.error(f"no such gate: {', '.join(sorted(unknown))} (see --list)")
    if wanted.update and wanted.gates != [gates.unsafe_count.NAME]:
        parser.error("--update goes with the gate `unsafe` alone")
    return wanted


def list_gates():
    for gate in gates.ALL:
        print(f"{gate.NAME:<17} {gate.SUMMARY}{' (slow: runs when named)' if gate.SLOW else ''}")
    return 0


def choose(names):
    return [gate for gate in gates.ALL if gate.NAME in names or not names and not gate.SLOW]


def run(gate, tree):
    """The findings of `gate`, with its line printed as soon as they are there."""
    try:
        findings = sorted(gate.check(tree))
    except CannotCheck as problem:
        findings = [Finding(".", 0, f"cannot check: {problem}")]
    failed, warned = errors(findings), len(findings) - errors(findings)
    counts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((failed, "error"), (warned, "warning")) if n]
    print(f"{'FAIL' if failed else 'ok':<4}  {gate.NAME:<17} {', '.join(counts) or gate.SUMMARY}", flush=True)
    return findings


def errors(findings):
    return sum(not finding.warning for finding in findings)


def print_details(results, with_warnings):
    hidden = 0
    for gate, findings in results:
        shown = [finding for finding in findings if with_warnings or not finding.warning]
        hidden += len(findings) - len(shown)
        if shown:
            print(f"\n{gate.NAME}: {gate.SUMMARY}", *shown, sep="\n  ")
    if hidden:
        print(f"\n{hidden} warning{'s' if hidden > 1 else ''} not shown: dev/check --warnings", file=sys.stderr)
