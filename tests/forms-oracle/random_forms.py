"""Forms and answers from a seed: conditions, calculations, repeats, filters, in sensible shapes."""
import random

TEXTS = ["", "a", "abc", "x y", "大连", "12", "0", "-3.5", "yes"]


def make(seed):
    """A Markdown form and a list of steps."""
    chance = random.Random(seed)
    maker = Maker(chance)
    maker.questions(chance.randint(4, 12), [], 0)
    return maker.text(), maker.steps()


class Maker:
    def __init__(self, chance):
        self.chance = chance
        self.rows, self.numbers, self.texts, self.selects, self.paths, self.repeats, self.asked = [], [], [], [], [], [], []
        self.count = 0

    def questions(self, count, path, depth):
        for _ in range(count):
            sort = self.chance.choices(
                ["integer", "decimal", "text", "select", "multiple", "calculate", "note", "date", "group", "repeat",
                 "range", "time", "rank", "acknowledge", "triggered"],
                [5, 2, 4, 4, 2, 5, 1, 1, 2 if depth < 2 else 0, 1 if depth < 2 else 0,
                 1, 1, 1, 1, 1 if self.asked else 0],
            )[0]
            self.count += 1
            name = f"q{self.count}"
            if sort in ("group", "repeat"):
                # What is not relevant counts for web-forms and not here: that one is in forms/household.
                relevant = self.maybe(self.condition, 0.4) if sort == "group" else ""
                self.add(type=f"begin_{sort}", name=name, label=name, relevant=relevant)
                if sort == "repeat":
                    self.repeats.append("/".join([*path, name]))
                before = len(self.numbers), len(self.texts), len(self.selects), len(self.asked)
                inner = f"{name}[*]" if sort == "repeat" else name
                if sort == "repeat":
                    # Which one it is, and what depends on that.
                    self.count += 1
                    self.add(type="calculate", name=f"q{self.count}", calculation="position(..)")
                    self.numbers.append(f"q{self.count}")
                self.questions(self.chance.randint(1, 4), [*path, inner], depth + 1)
                self.add(type=f"end_{sort}")
                if sort == "repeat":
                    inside = self.numbers[before[0]:]
                    del self.asked[before[3]:]
                    del self.numbers[before[0]:], self.texts[before[1]:], self.selects[before[2]:]
                    self.count += 1
                    total = f"q{self.count}"
                    what = self.chance.choice([f"count(${{{name}}})"] + [f"count-non-empty(${{{one}}})" for one in inside[:1]])
                    self.add(type="calculate", name=total, calculation=what)
                    self.numbers.append(total)
                continue
            self.question(sort, name, path)

    def question(self, sort, name, path):
        place = "/".join([*path, name])
        common = {"name": name, "label": self.label(name), "relevant": self.maybe(self.condition, 0.3)}
        asked = {**common, "required": self.maybe(lambda: self.chance.choice(["yes", self.condition()]), 0.3)}
        if sort == "triggered":
            # Set once when the other is answered, and then anybody's to change.
            self.add(type="text", name=name, label=name, trigger=f"${{{self.chance.choice(self.asked)}}}", calculation=f"concat('t', {self.number(1)})")
            self.texts.append(name)
            return
        # Of a question that comes and goes: for web-forms that is another answer, here it is none.
        if sort in ("integer", "decimal", "text", "select") and not path and not common["relevant"]:
            self.asked.append(name)
        if sort == "range":
            self.add(type=sort, **asked, parameters="start=0 end=20 step=2")
            self.numbers.append(name)
            self.paths.append((place, sort))
        elif sort == "time":
            self.add(type=sort, **asked)
            self.paths.append((place, sort))
        elif sort == "rank":
            self.add(type="rank kind", **asked)
            self.paths.append((place, sort))
        elif sort == "acknowledge":
            self.add(type=sort, **common)
            self.paths.append((place, sort))
        elif sort in ("integer", "decimal"):
            self.add(type=sort, **asked, constraint=self.maybe(self.bound, 0.5), default=self.maybe(lambda: str(self.chance.randint(0, 9)), 0.2))
            self.numbers.append(name)
            self.paths.append((place, sort))
        elif sort == "text":
            self.add(type=sort, **asked, constraint=self.maybe(self.pattern, 0.4), default=self.maybe(lambda: self.chance.choice(["d", "'e'"][:1]), 0.1))
            self.texts.append(name)
            self.paths.append((place, sort))
        elif sort == "date":
            self.add(type=sort, **asked, constraint=self.maybe(lambda: ". > '2026-01-01'", 0.4))
            self.paths.append((place, sort))
        elif sort in ("select", "multiple"):
            filtered = self.chance.random() < 0.3 and self.selects
            self.add(
                type=("select_one " if sort == "select" else "select_multiple ") + ("town" if filtered else "kind"),
                **asked,
                choice_filter=f"kind = ${{{self.chance.choice(self.selects)}}}" if filtered else "",
            )
            if sort == "select" and not filtered:
                self.selects.append(name)
            self.paths.append((place, sort + ("/town" if filtered else "")))
        elif sort == "calculate":
            self.add(type=sort, name=name, calculation=self.number(2), relevant=common["relevant"])
            self.numbers.append(name)
        else:
            self.add(type=sort, **common)

    def decimal(self):
        """Never a whole number: 10 is kept as 10 here and as 10.0 there, and its length can be asked for."""
        return f"{self.chance.randint(-3, 12)}.{self.chance.randint(1, 9)}"

    def add(self, **cells):
        self.rows.append(cells)

    def maybe(self, what, odds):
        return what() if self.chance.random() < odds else ""

    def label(self, name):
        if self.texts + self.numbers and self.chance.random() < 0.2:
            return f"{name} ${{{self.chance.choice(self.texts + self.numbers)}}}"
        return name

    def bound(self):
        return self.chance.choice([". >= 0", ". < 100", ". >= 1 and . <= 5", f". > {self.number(0)}", "not(. = 7)"])

    def pattern(self):
        return self.chance.choice(["regex(., '^[a-z]+$')", "string-length(.) < 3", ". != 'x y'", "contains(., 'a') or . = '12'"])

    def condition(self):
        options = ["true()", "1 = 1"]
        options += [f"{self.number(0)} {self.chance.choice(['>', '<', '>=', '=', '!='])} {self.chance.randint(0, 9)}" for _ in self.numbers[:1]]
        options += [f"${{{name}}} = 'a'" for name in self.chance.sample(self.texts, min(1, len(self.texts)))]
        options += [f"string-length(${{{name}}}) > 1" for name in self.chance.sample(self.texts, min(1, len(self.texts)))]
        options += [f"${{{name}}} = '{self.chance.choice('abc')}'" for name in self.chance.sample(self.selects, min(1, len(self.selects)))]
        options += [f"selected(${{{name}}}, 'a') or ${{{name}}} = ''" for name in self.chance.sample(self.selects, min(1, len(self.selects)))]
        first = self.chance.choice(options)
        if self.chance.random() < 0.2:
            return f"not({first})"
        return f"{first} {self.chance.choice(['and', 'or'])} {self.chance.choice(options)}" if self.chance.random() < 0.3 else first

    def number(self, depth):
        if depth == 0 or self.chance.random() < 0.3:
            return f"coalesce(${{{self.chance.choice(self.numbers)}}}, 0)" if self.numbers else str(self.chance.randint(0, 9))
        a, b = self.number(depth - 1), self.number(depth - 1)
        return self.chance.choice([
            f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"if({self.condition()}, {a}, {b})",
            f"round({a} div ({b} * {b} + 1), 2)", f"({a} mod ({b} * {b} + 1))", f"abs({a})", f"min({a}, {b})",
            f"max({a}, {b})", f"pow({a}, 2)", f"string-length(concat({a}, 'x', {b}))", f"int({a} div 2)",
        ])

    def text(self):
        columns = ["type", "name", "label", "relevant", "required", "constraint", "calculation", "choice_filter", "default", "parameters", "trigger"]
        lines = ["| survey |", "| | " + " | ".join(columns) + " |"]
        for row in self.rows:
            lines.append("| | " + " | ".join(row.get(column, "") or " " for column in columns) + " |")
        lines += ["| choices |", "| | list_name | name | label | kind |"]
        lines += [f"| | kind | {letter} | Kind {letter} | |" for letter in "abc"]
        lines += [f"| | town | t{number} | Town {number} | {'abc'[number % 3]} |" for number in range(7)]
        return "\n".join(lines) + "\n"

    def steps(self):
        steps, root = [], self.row("", True)
        for _ in range(self.chance.randint(8, 30)):
            if self.repeats and self.chance.random() < 0.15:
                path, node = self.pick(self.chance.choice(self.repeats), root)
                if node is None:
                    continue
                name = path.rsplit("]/", 1)[-1]
                rows = node[name]
                if len(rows) > 1 and self.chance.random() < 0.4:
                    at = self.chance.randint(1, len(rows))
                    steps.append({"remove": f"/data/{path}", "index": at})
                    del rows[at - 1]
                else:
                    steps.append({"add": f"/data/{path}"})
                    prefix = next(repeat for repeat in self.repeats if repeat.endswith(name)) + "[*]/"
                    rows.append(self.row(prefix, False))
                continue
            if not self.paths:
                break
            path, sort = self.chance.choice(self.paths)
            path, node = self.pick(path, root)
            if node is None:
                continue
            value = {
                "range": lambda: str(self.chance.randint(0, 10) * 2), "time": lambda: f"0{self.chance.randint(1, 9)}:30:00.000+08:00",
                "rank": lambda: " ".join(self.chance.sample("abc", 3)), "acknowledge": lambda: self.chance.choice(["OK", ""]),
                "integer": lambda: str(self.chance.randint(-3, 12)), "decimal": lambda: self.decimal(),
                "text": lambda: self.chance.choice(TEXTS), "date": lambda: f"202{self.chance.randint(5, 7)}-0{self.chance.randint(1, 9)}-15",
                "select": lambda: self.chance.choice(["a", "b", "c", ""]), "multiple": lambda: self.chance.choice(["a", "b c", "a c", ""]),
                "select/town": lambda: f"t{self.chance.randint(0, 6)}", "multiple/town": lambda: f"t{self.chance.randint(0, 3)} t{self.chance.randint(4, 6)}",
            }[sort]()
            steps.append({"set": f"/data/{path}", "value": value})
        return steps

    def row(self, prefix, opening):
        """The repeats directly inside, each with its rows: one at the beginning, none in a row that is added."""
        inside = [repeat.removeprefix(prefix) for repeat in self.repeats if repeat.startswith(prefix)]
        return {
            name: [self.row(f"{prefix}{name}[*]/", True)] if opening else []
            for name in inside if "[*]" not in name
        }

    def pick(self, path, node):
        """The path with a position of a row that is there for each `[*]`, and the row that it ends in."""
        *outer, last = path.split("[*]/")
        out = ""
        for name in outer:
            if not node[name]:
                return path, None
            at = self.chance.randint(1, len(node[name]))
            out += f"{name}[{at}]/"
            node = node[name][at - 1]
        return out + last, node
