# SPDX-License-Identifier: GPL-2.0-only
"""Reading KTAP, the test output of the kernel, of the user programs and of the host tests."""
import re

RESULT = re.compile(r"(?:\[ *\d+\.\d+\] ?)?\s*(not )?ok \d+ ?-? ?(.*?)(?:\s*# SKIP\b ?(.*))?$")
# What a kernel prints when it finds itself wrong.
ALARM = re.compile(r"\b(WARNING: |BUG: |Kernel panic|Oops\b|UBSAN: |general protection fault)")


class Result:
    """One test: name, verdict pass, fail or skip, and the diagnostic lines before it."""

    def __init__(self, name, verdict, detail=()):
        self.name, self.verdict, self.detail = name, verdict, list(detail)


def parse(lines, prefix=""):
    """The results in some output; diagnostic lines belong to the result after them."""
    results, detail, planned = [], [], None
    for line in lines:
        match = RESULT.match(line)
        plan = re.match(r"1\.\.(\d+)", line)
        if plan:
            planned = int(plan.group(1))
        elif match:
            failed, name, reason = match.groups()
            verdict = "fail" if failed else "skip" if reason is not None else "pass"
            results.append(Result(prefix + name, verdict, detail))
            detail = []
        elif line.strip() and not line.startswith("KTAP version"):
            detail.append(line)
    if planned is not None and len(results) < planned:
        missing = f"{planned - len(results)} of {planned} results are missing"
        results.append(Result(prefix + "(complete)", "fail", detail + [missing]))
    return results


def checker(name):
    """A function that judges the output and exit status of a program that prints KTAP."""
    def check(lines, status):
        results = parse(lines, name + ": ")
        if not results or status and all(result.verdict != "fail" for result in results):
            results.append(Result(name, "fail", lines[-10:] + [f"exit status {status}"]))
        return results
    return check
