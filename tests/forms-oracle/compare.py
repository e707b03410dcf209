"""Runs forms and answers through rounds-form and through ODK's tools, and compares what comes out.

Every difference has to be named in differences.toml, with its reason; every entry there has to be
met by some case of the fixed set, so that none stays behind to hide another difference.
"""
import argparse
import ast
import concurrent.futures
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import warnings
from collections import Counter
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

import random_forms

HERE = Path(__file__).parent
NOW, ZONE = "2026-11-23T09:00:00Z", "Asia/Shanghai"
ANSWERS = {
    "text": ["Dalian 1", "x"], "integer": ["7", "40"], "decimal": ["2.5", "12"], "range": None,
    "date": ["2026-12-01", "2020-02-29"], "time": ["09:30:00.000+08:00", "23:59:00.000+08:00"],
    "dateTime": ["2026-12-01T09:30:00.000+08:00"], "geopoint": ["38.9 121.6 0 5"],
    "geotrace": ["38.9 121.6 0 5; 38.8 121.5 0 5"], "barcode": ["6901234567892"],
    "geoshape": ["38.9 121.6 0 5; 38.8 121.5 0 5; 38.7 121.7 0 5; 38.9 121.6 0 5"],
    "acknowledge": ["OK"],
}


class Case:
    """A form and the steps to take; `steps` None asks for answers to everything."""

    def __init__(self, name, path, steps=None, media=None):
        self.name, self.path, self.steps, self.media = name, path, steps, media
        self.xml = self.theirs_error = self.ours_report = None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--random", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--keep", help="a folder for the forms of this run")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    work = Path(args.keep or tempfile.mkdtemp(prefix="forms-oracle-"))
    work.mkdir(parents=True, exist_ok=True)
    table = Table(tomllib.loads((HERE / "differences.toml").read_text()))
    started = time.time()
    try:
        failed = run(args, work, table)
    finally:
        if not args.keep:
            shutil.rmtree(work, ignore_errors=True)
    whole = args.only is None and args.seed == 1
    idle = table.unused() if whole else []
    for entry in idle:
        print(f"✗ differences.toml: nothing meets “{entry}” any more")
    print(f"{time.time() - started:.0f} s")
    sys.exit(1 if failed or idle else 0)


def run(args, work, table):
    cases = collect(Path(args.cache), work, args)
    if args.only:
        cases = [case for case in cases if args.only in case.name]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        reports = list(pool.map(lambda case: tool(args.tool, "report", case.path), cases))
    counts, problems = Counter(), []
    both = []
    for case, (code, report, _) in zip(cases, reports, strict=True):
        counts["forms"] += 1
        case.ours_report = report
        case.xml, case.theirs_error = converted(case.path)
        ours, theirs = code == 0, case.xml is not None
        counts["accepted by both" if ours and theirs else "refused by both" if not (ours or theirs) else "verdicts differ"] += 1
        if ours != theirs:
            why = case.theirs_error if ours else first_problem(report)
            if not table.verdict(case.name, ours, why or ""):
                problems.append(f"{case.name}: {'we accept' if ours else 'we refuse'}: {why}")
        elif ours:
            both.append(case)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    problems += evaluate(args, both, table)
    problems += exported(args, both, work)
    for problem in problems[: 2000 if args.only or args.keep else 120]:
        print("✗", problem)
    print(f"{len(problems)} unexplained differences")
    print("by the table:", ", ".join(f"{name} {count}" for name, count in sorted(table.met.items())))
    return bool(problems)


def evaluate(args, cases, table):
    """The same steps through both engines; the state of every node compared."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def prepare(case):
            if case.steps is None:
                case.steps = answers_to_all(args.tool, case)
            state = ours(args.tool, case, case.steps)
            # What our type or choice check refuses, theirs stores as blank: those steps are left
            # out on both sides, and counted.
            refused = {step["step"] for step in (state or {"steps": []})["steps"] if not step["ok"]}
            if refused:
                table.met["refused-answer"] += len(refused)
                case.steps = [step for number, step in enumerate(case.steps, 1) if number not in refused]
                state = ours(args.tool, case, case.steps)
            return state
        mine = list(pool.map(prepare, cases))
    theirs = engine(Path(args.cache), cases)
    again = []
    for number, case in enumerate(cases):
        # A choice that is not offered at that moment is kept here until it is; theirs blanks it.
        lost = {
            result["step"] for result, step in zip(theirs.get(case.name, {}).get("steps", []), case.steps)
            if "set" in step and "stored" in result and numbers(result["stored"]) != numbers(spaced(step["value"]))
        }
        if lost:
            table.met["refused-answer"] += len(lost)
            case.steps = [step for at, step in enumerate(case.steps, 1) if at not in lost]
            again.append(case)
            mine[number] = ours(args.tool, case, case.steps)
    theirs.update(engine(Path(args.cache), again))
    problems, counts = [], Counter()
    for case, our in zip(cases, mine, strict=True):
        their = theirs.get(case.name, {"error": "no answer"})
        if our is None:
            problems.append(f"{case.name}: rounds-form eval failed")
            continue
        if "error" in their or "brokenAt" in their:
            counts["not run by their engine"] += 1
            why = their.get("error") or broken(their)
            if not table.verdict(case.name, True, why, "engine"):
                problems.append(f"{case.name}: their engine: {why}")
            continue
        counts["evaluated by both"] += 1
        for node, field, a, b in differences(case, our, their, table, counts):
            problems.append(f"{case.name}: {node} {field}: ours {a!r}, theirs {b!r}")
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return problems


def differences(case, our, their, table, counts):
    root = their["root"]
    calculated = set(re.findall(r'<bind nodeset="([^"]*)"[^>]* calculate=', case.xml))
    place = lambda path: "/data" + path.removeprefix(root)
    theirs = {place(node["path"]): node for node in their["nodes"]}
    refused = {step["step"] for step in our["steps"] if not step["ok"]}
    ours = {node["path"]: node for node in our["nodes"]}
    found = []
    for path, node in theirs.items():
        plain = re.sub(r"\[\d+\]", "", path)
        if table.only_theirs(plain):
            continue
        mine = ours.pop(path, None)
        if mine is None:
            if not table.node(case.name, plain, "node", None, node["type"]):
                found.append((path, "node", None, node["type"]))
            continue
        counts["nodes compared"] += 1
        facts = {"table-list": "generated_table_list_label_" in case.xml and mine["type"] == "group", "calculated": root + plain.removeprefix("/data") in calculated, "type": mine["type"], "their_type": node["type"]}
        leaf = node["type"] not in ("group",) and not node["type"].startswith("repeat-")
        fields = ["relevant", "valid", "label"] + (["required", "readonly", "value", "choices"] if leaf else [])
        for field in fields:
            counts["fields compared"] += 1
            a, b = mine[field], node[field]
            if a != b and not table.field(case.name, plain, field, a, b, facts, refused):
                found.append((path, field, a, b))
    for path, node in ours.items():
        plain = re.sub(r"\[\d+\]", "", path)
        beyond = not node["relevant"] and "[" in path
        if not (beyond and table.use("rows-beyond-count")) and not table.node(case.name, plain, "node", node["type"], None):
            found.append((path, "node", node["type"], None))
    return found


METADATA = {
    "start", "end", "today", "deviceid", "username", "phonenumber", "email", "simserial", "subscriberid", "calculate",
    "background-geopoint", "start-geopoint",
}


class Table:
    """differences.toml: rules for all forms, and entries for one form and place."""

    def __init__(self, data):
        self.rules = {rule["id"]: rule for rule in data["rule"]}
        self.entries = data.get("verdict", []) + data.get("place", [])
        self.verdicts, self.places = data.get("verdict", []), data.get("place", [])
        self.met = Counter()
        self.seen = set()

    def use(self, rule):
        if rule not in self.rules:
            return False
        self.met[rule] += 1
        return True

    def unused(self):
        idle = [name for name in self.rules if name not in self.met and not self.rules[name].get("rare")]
        idle += [f"{entry['form']} {entry.get('path', '')}" for entry in self.entries if id(entry) not in self.seen]
        return idle

    def verdict(self, name, accepted, why, side="verdict"):
        for entry in self.verdicts:
            if (
                re.fullmatch(entry["form"], name)
                and entry.get("side", "verdict") == side
                and entry.get("accepted", True) == accepted
                and re.search(entry["why"], why)
            ):
                self.seen.add(id(entry))
                self.met[entry["id"]] += 1
                return True
        return False

    def only_theirs(self, path):
        if path == "/data/meta" or path.startswith("/data/meta/") or path.endswith("/meta") or "/meta/" in path:
            return self.use("meta")
        last = path.rsplit("/", 1)[-1]
        if last.startswith(("generated_table_list_label_", "reserved_name_for_field_list_labels_")):
            return self.use("table-list")
        return False

    def node(self, form, path, field, ours, theirs):
        if ours == "audit":
            return self.use("meta")
        return self.place(form, path, field, ours, theirs)

    def place(self, form, path, field, ours, theirs):
        for entry in self.places:
            if (
                re.fullmatch(entry["form"], form)
                and re.fullmatch(entry["path"], path)
                and field in entry["fields"]
                and ("ours" not in entry or re.fullmatch(entry["ours"], str(ours)))
                and ("theirs" not in entry or re.fullmatch(entry["theirs"], str(theirs)))
            ):
                self.seen.add(id(entry))
                self.met[entry["id"]] += 1
                return True
        return False

    def field(self, form, path, field, ours, theirs, facts, refused):
        if field == "readonly" and ours and (facts["their_type"] == "model-value" or facts["type"] in METADATA):
            return self.use("metadata-read-only")
        if field in ("label", "choices") and theirs is None and facts["their_type"] == "model-value":
            return self.use("label-of-hidden")
        if field == "label" and theirs is None and facts["table-list"]:
            return self.use("table-list")
        if field == "label":
            if tidy(ours) == tidy(theirs):
                return self.use("label-spaces")
            if theirs == "-" and ours:
                return self.use("missing-translation")
            if numbers(tidy(ours)) == numbers(tidy(theirs)):
                return self.use("number-form")
        if field == "value" and ours and theirs and numbers(ours) == numbers(theirs):
            return self.use("number-form")
        if field == "value" and re.fullmatch(r"uuid:.*|[0-9a-f]{8}-.*", theirs or "") and re.fullmatch(r"[0-9a-f-]{36}", ours or ""):
            return self.use("chance")
        if field == "readonly" and ours and not theirs and facts["calculated"]:
            return self.use("calculated-read-only")
        return self.place(form, path, field, ours, theirs)


def spaced(value):
    return " ".join(value) if isinstance(value, list) else str(value)


def tidy(text):
    if text is None:
        return ""
    text = re.sub(r"\s+", " ", text).strip()
    return text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})


def numbers(text):
    """The words of a text with numbers in one way of writing."""
    def number(word):
        try:
            return repr(float(word)) if re.fullmatch(r"-?[0-9.]+", word) else word
        except ValueError:
            return word
    return [number(word) for word in re.split(r"[\s;,]+", text)]


def answers_to_all(command, case):
    """Steps that answer everything that can be answered, twice where that is another answer."""
    steps = []
    for turn in range(2):
        state = ours(command, case, steps)
        if state is None:
            return steps
        for node in state["nodes"]:
            kind, path = node["type"], node["path"]
            if kind == "repeat" and turn == 0 and node["relevant"]:
                steps.append({"add": path})
            if node["readonly"] or not node["relevant"]:
                continue
            if node["choices"] is not None:
                choices = node["choices"]
                if choices and " " not in choices[turn % len(choices)]:
                    value = choices if kind == "rank" else choices[turn % len(choices)]
                    steps.append({"set": path, "value": value})
            elif ANSWERS.get(kind):
                values = ANSWERS[kind]
                steps.append({"set": path, "value": values[turn % len(values)]})
    return [step for step in steps if "add" not in step or controlled(case.xml, step["add"])]


def controlled(xml, path):
    """Instances of a repeat with a count come and go with it: nobody adds them."""
    plain = re.sub(r"\[\d+\]", "", path).removeprefix("/data")
    return not re.search(r'<repeat nodeset="/[^/"]+' + re.escape(plain) + r'"[^>]*jr:count', xml)


def exported(args, cases, work):
    """What we write converts to the same form as what we read."""
    problems = []
    out = work / "exported"
    out.mkdir(exist_ok=True)
    # Forms without an id are named after their file.
    files = [out / str(number) / f"{Path(case.path).stem}.xlsx" for number, case in enumerate(cases)]
    for file in files:
        file.parent.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(lambda pair: tool(args.tool, "export", "--force", pair[0].path, pair[1]), zip(cases, files, strict=True)))
    for case, file, (code, _, err) in zip(cases, files, done, strict=True):
        if code != 0:
            problems.append(f"{case.name}: export failed: {err[:200]}")
            continue
        xml, error = converted(file)
        if error:
            problems.append(f"{case.name}: pyxform refuses the export: {error}")
        elif canonical(xml) != canonical(case.xml):
            problems.append(f"{case.name}: the export converts to another form")
    print(f"{len(cases)} forms exported, converted and compared with the original")
    return problems


def canonical(xml):
    """How spreadsheets tell dates and times apart is not a difference of forms."""
    return re.sub(r"(\d{4}-\d\d-\d\d) 00:00:00", r"\1", xml)


def engine(cache, cases):
    jobs = "".join(
        json.dumps({"id": case.name, "xml": case.xml, "steps": rooted(case), "media": str(case.media) if case.media else None}) + "\n"
        for case in cases
    )
    halves = [[], []]
    for number, line in enumerate(jobs.splitlines(keepends=True)):
        halves[number % 2].append(line)
    env = {**os.environ, "TZ": ZONE, "ROUNDS_NOW": NOW}
    running = [
        subprocess.Popen(["node", "batch.mjs"], cwd=cache, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in halves
    ]
    with concurrent.futures.ThreadPoolExecutor(len(halves)) as pool:
        outs = list(pool.map(lambda pair: pair[0].communicate("".join(pair[1]))[0], zip(running, halves, strict=True)))
    results = {}
    for line in "".join(outs).splitlines():
        result = json.loads(line)
        results[result.pop("id")] = result
    return results


def rooted(case):
    """Steps under the root that the form gives itself."""
    root = re.search(r"<instance><([^ />]+)", case.xml)
    text = json.dumps(case.steps)
    return json.loads(text.replace('"/data/', f'"/{root[1]}/')) if root else case.steps


def broken(result):
    failing = [step for step in result["steps"] if not step["ok"]]
    return failing[0]["error"] if failing else "broken"


def ours(command, case, steps):
    extra = ["--media", case.media] if case.media else []
    code, state, err = tool(command, "eval", case.path, "-", "--now", NOW, "--tz", ZONE, "--seed", "1", "--missing", "blank", *extra, given=json.dumps(steps))
    if code != 0:
        print(f"{case.name}: {err[:300]}", file=sys.stderr)
        return None
    return state


def tool(command, *args, given=None):
    done = subprocess.run([command, "--json", *map(str, args)], input=given, capture_output=True, text=True, timeout=60)
    try:
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr
    except json.JSONDecodeError:
        return done.returncode, None, done.stderr


def converted(path):
    try:
        result = convert(xlsform=str(path), validate=False, file_type=by_signature(path))
        return result.xform, None
    except PyXFormError as error:
        return None, str(error)
    except Exception as error:  # pyxform fell over rather than refused
        return None, f"CRASH {type(error).__name__}: {error}"


def by_signature(path):
    start = Path(path).read_bytes()[:4]
    if start.startswith(b"PK"):
        return ".xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    return Path(path).suffix if Path(path).suffix in (".md", ".csv") else None


def first_problem(report):
    errors = [problem for problem in (report or {}).get("problems", []) if problem["severity"] == "error"]
    if not errors:
        return "no report"
    one = errors[0]
    return f"{one['code']} {one.get('sheet', '')}:{one.get('row', '')}:{one.get('column', '')} {one['text']['en']}"


def collect(cache, work, args):
    cases, seen = [], set()
    examples = cache / "examples"
    for path in sorted(examples.rglob("*")):
        if path.suffix in (".xls", ".xlsx", ".csv") and "tests" in str(path):
            text = path.read_bytes()
            if path.suffix == ".csv" and not re.search(rb'^"?(survey|choices)"?\s*(,|$)', text, re.M | re.I):
                continue
            if text not in seen:
                seen.add(text)
                cases.append(Case(f"example/{path.name}", path, media=path.parent))
    tables = work / "tables"
    tables.mkdir(exist_ok=True)
    for path in sorted(examples.rglob("test*.py")):
        for number, text in enumerate(markdown_in(path)):
            if text in seen:
                continue
            seen.add(text)
            file = tables / f"{path.stem}-{number}.md"
            file.write_text(text)
            cases.append(Case(f"table/{file.stem}", file))
    for path in sorted((HERE / "forms").glob("*.md")):
        steps = path.with_suffix(".json")
        cases.append(Case(f"own/{path.stem}", path, json.loads(steps.read_text()) if steps.exists() else None, HERE / "forms/media"))
    # The packs that Rounds comes with.
    for path in sorted((HERE / "../../core/packs").resolve().glob("*/forms/*.xlsx")):
        cases.append(Case(f"pack/{path.stem}", path, media=path.parent))
    made = work / "random"
    made.mkdir(exist_ok=True)
    for number in range(args.random):
        text, steps = random_forms.make(args.seed * 1_000_000 + number)
        file = made / f"r{number}.md"
        file.write_text(text)
        cases.append(Case(f"random/{number}", file, steps))
    return cases


def markdown_in(path):
    """Forms written as Markdown tables in a Python file."""
    try:
        tree = ast.parse(path.read_text())
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.match(r"\s*\|\s*survey\s*\|", node.value):
            yield node.value


if __name__ == "__main__":
    main()
