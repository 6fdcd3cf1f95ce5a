"""`python -m dev run|test|check|lock`: what the Makefile calls once `.venv` stands."""

import os
import subprocess
import sys

from dev.servers import ServerError


def main() -> int:
    command, arguments = sys.argv[1], sys.argv[2:]
    try:
        if command == "run":
            from dev.run import run

            return run()
        if command == "test":
            from dev.testing import test

            return test(arguments)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    if command == "check":
        from dev.checking import check

        return check()
    if command == "lock":
        return lock()
    print(f"unknown command {command}", file=sys.stderr)
    return 2


def lock() -> int:
    """Compile both requirement files, with hashes and without hosts, from pyproject.toml."""
    running, everything = ["--group", "local"], ["--group", "local", "--group", "test", "--group", "check"]
    return compile_to("requirements.txt", running) or compile_to("requirements-dev.txt", everything)


def compile_to(target: str, groups: list[str]) -> int:
    command = [
        os.environ["UV"],
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.12",
        "--generate-hashes",
        *groups,
        "pyproject.toml",
        "-o",
        target,
        "--custom-compile-command",
        "make lock",
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
