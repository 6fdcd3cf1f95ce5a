"""`python -m reports.attack BUNDLE ...`, also `manage.py attack BUNDLE ...`."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from reports.attack import Finding, UnreadableBundle, attack, read

HELP = (
    "Play the attacker on released bundles (ZIPs or folders): print what was tried and recovered. "
    "Exits 1 if anything was recovered beyond its bound, 2 if a bundle cannot be read."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("bundles", nargs="+", metavar="BUNDLE", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="python -m reports.attack", description=HELP)
    add_arguments(parser)
    given = parser.parse_args(arguments)
    return run(given.bundles, given.json, sys.stdout, sys.stderr)


class Out(Protocol):
    """What can be printed to."""

    def write(self, text: str, /) -> object: ...


def run(bundles: Sequence[Path], as_json: bool, out: Out, errors: Out) -> int:
    """The exit status."""
    try:
        findings = attack([read(path) for path in bundles])
    except (OSError, UnreadableBundle) as error:
        errors.write(f"{error}\n")
        return 2
    out.write((_as_json(bundles, findings) if as_json else _as_text(findings)) + "\n")
    return 0 if all(one.ok for one in findings) else 1


def _as_json(bundles: Sequence[Path], findings: Sequence[Finding]) -> str:
    tests = [{**asdict(one), "ok": one.ok} for one in findings]
    ok = all(one.ok for one in findings)
    return json.dumps({"bundles": list(map(str, bundles)), "tests": tests, "ok": ok}, ensure_ascii=False)


def _as_text(findings: Sequence[Finding]) -> str:
    lines = []
    for one in findings:
        verdict = "ok" if one.ok else "FAILED"
        lines.append(f"{verdict:7} {one.name:18} tried {one.tried:>7,}  recovered {one.recovered:>6,}  {one.about}")
        lines += [f"{'':8}- {example}" for example in one.examples]
    failed = sum(not one.ok for one in findings)
    return "\n".join([*lines, f"{failed} of {len(findings)} tests recovered something." if failed else "Nothing."])
