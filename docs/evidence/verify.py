#!/usr/bin/env python3
"""Checks the chain of a recording by docs/evidence.md alone, with the standard library only.

Prints what is wrong, a line for each, and exits with 1 if anything is. Written from the page, not from the
program: it shares no line with it.
"""
import argparse
import hashlib
import re
import sys

# Ed25519 (RFC 8032), checking only.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x, y, z, t), (u, v, w, s) = a, b
    e, f = (y - x) * (v - u) % P, (y + x) * (v + u) % P
    g, h = 2 * t * s * D % P, 2 * z * w % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != xx or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    (x, y, z, _), (u, v, w, _) = times(s, BASE), add(r, times(k, a))
    return (x * w - u * z) % P == 0 and (y * w - v * z) % P == 0


# The text.
FIELDS = {
    "begin": "record field person device script steps medium",
    "step": "step speaker text needs hold",
    "answer": "step said",
    "mark": "step held",
    "pause": "why stopped",
    "resume": "segment gap",
    "segment": "segment sha256 bytes media",
    "clock": "",
    "finish": "ending steps segments",
}
NUMBERS = {"steps", "step", "hold", "held", "segment", "bytes", "media", "segments", "at", "wall", "mono"}
found = []


def wrong(link, field, what):
    found.append(f"link {link}, {field}: {what}")


def said(line):
    text, _, check = line.rpartition(" ~")
    return text if hashlib.sha256(text.encode()).hexdigest()[:8] == check else None


def unescape(value):
    return re.sub(r"\\([\\nr])", lambda m: {"\\": "\\", "n": "\n", "r": "\r"}[m[1]], value)


def read(text):
    """The links with their fields, and the seal. Each line is checked by itself, each link by its hash."""
    links, seal, lines, before = [], {}, [], "0" * 64
    for raw in text.split("\n")[:-1]:
        if raw.startswith("="):
            n, body = len(links), "".join(line + "\n" for line in lines)
            made = hashlib.sha256(f"rounds evidence v1\n{before}\n{body}".encode()).hexdigest()
            if made != raw[1:]:
                wrong(n, "hash", "does not fit its lines and the link before")
            link = {"number": n, "event": "", "names": []}
            for line in lines:
                value = said(line)
                if value is None:
                    wrong(n, line.split(" ")[0], "was changed")
                elif value.startswith("@"):
                    number, link["event"] = value[1:].split(" ", 1)
                    if number != str(n):
                        wrong(n, "number", "is missing or out of place")
                else:
                    name, value = value.split(" ", 1)
                    link["names"].append(name)
                    link[name] = unescape(value)
                    if name in NUMBERS:
                        link[name] = int(value)
                        if str(link[name]) != value:
                            wrong(n, name, "is not spelled as numbers are")
            order = ["chain", *FIELDS.get(link["event"], "?").split(), *"at judged wall mono boot".split()]
            rest = [name for name in ("server", "seen", "gps") if name in link]
            if link["names"] != order + rest:
                wrong(n, "fields", "are not those of this event, in their order")
                return links, seal, before
            links.append(link)
            lines, before = [], raw[1:]
        elif seal or raw.startswith("!"):
            value = said(raw)
            name, _, value = (value or "damaged ").partition(" ")
            seal[name] = value
        else:
            lines.append(raw)
    return links, seal, before


# The clocks. Returns at, judged, within (None if nothing can be said) and the doubt.
def judge(link):
    wall, mono, boot = link["wall"], link["mono"], link["boot"]
    server, seen, gps = (link.get(name, "").split(" ") for name in ("server", "seen", "gps"))
    tolerance = lambda within: max(120_000, within)

    def clocks():
        if seen != [""] and seen[2] == boot and int(seen[1]) > mono:
            return int(seen[0]), "suspect", None, "restored"
        if server == [""]:
            back = int(seen[0]) - wall if seen != [""] else 0
            return (wall, "suspect", None, ("back", back)) if back > 120_000 else (wall, "unchecked", None, None)
        told, took, then, since = (int(n) for n in server[:4])
        if server[4] == boot and mono >= since:
            passed = mono - since
            within, by = took + passed // 1000, wall - then - passed
            if abs(by) > tolerance(within):
                return told + passed, "suspect", None, ("moved", by)
            return told + passed, "trusted" if passed <= 86_400_000 else "estimated", within, None
        if server[4] == boot:
            return told, "suspect", None, "restored"
        at, floor = wall + told - then, max(told, int(seen[0]) if seen != [""] else told)
        if floor - at > tolerance(took + (floor - told) // 1000):
            return told if at + 120_000 < told else at, "suspect", None, ("back", floor - at)
        return at, "estimated", took + max(0, at - told) // 1000 + 1000, None

    at, judged, within, doubt = clocks()
    if gps == [""] or int(gps[1]) > 60_000 or judged == "suspect":
        return at, judged, within, doubt
    by_gps = int(gps[0]) + int(gps[1])
    if judged == "unchecked":
        return by_gps, "estimated", 20_000, None
    if abs(by_gps - at) > tolerance(within + 20_000):
        return at, "suspect", None, ("gps", by_gps - at)
    if judged == "estimated":
        return by_gps if within >= 20_000 else at, judged, min(within, 20_000), None
    return at, judged, within, doubt


# How recordings go.
def course(links):
    state, marked, answer, held_from, shown, due = "paused", 0, None, None, {}, None
    resumed = stopped = None
    segments, closed, last = 0, set(), None
    # What was marked and answered, each with its segment and when; the last answer to a step counts.
    rests, empty, ends = [], set(), {}
    for link in links:
        n, event, boot, mono = link["number"], link["event"], link["boot"], link["mono"]
        link["judge"] = judge(link)
        for name, value in zip(("at", "judged"), link["judge"]):
            if link[name] != value:
                wrong(n, name, f"follows from the clocks as {value}")
        if last and last["boot"] == boot and mono < last["mono"]:
            wrong(n, "mono", "ran back")
        doubt = link["judge"][3]
        look = last and (last["boot"] != boot or (doubt and doubt != last["judge"][3]))
        if look and event not in ("clock", "pause", "finish"):
            wrong(n, "clock", "a look at the clocks is missing")
        if state == "ended" or (event == "begin") != (n == 0):
            wrong(n, event, "stands where it does not belong")
        if due and (event, link.get("step")) != ("step", due):
            wrong(n, "step", f"step {due} should be shown")
        if event == "begin":
            steps = link["steps"]
        elif event == "step":
            if link["step"] != due:
                wrong(n, "step", "is not the one that is due")
            shown, held_from, answer = link, (boot, mono), None
        elif event == "answer":
            if state != "recording" or link["step"] != shown.get("step"):
                wrong(n, "answer", "to no step that is shown while it is recorded")
            answer = link["said"]
            if rests and rests[-1][1] == "said":
                rests.pop()
            rests.append((n, "said", segments, mono))
        elif event == "mark":
            held = mono - held_from[1] if held_from and held_from[0] == boot else 0
            if state != "recording" or link["step"] != marked + 1 or link["step"] != shown.get("step"):
                wrong(n, "mark", "of no step that is shown while it is recorded")
            elif shown["needs"] and answer != shown["needs"]:
                wrong(n, "said", "the customer has not answered as needed")
            if link["held"] != held or held < shown.get("hold", 0):
                wrong(n, "held", f"was held for {held}")
            marked, answer = link["step"], None
            rests.append((n, "mark", segments, mono))
        elif event == "pause":
            if state != "recording":
                wrong(n, "pause", "nothing was recorded")
            exact = link["stopped"] != "unknown"
            stopped = (last["boot"], last["mono"], last["at"], last["judge"][2] is not None, False)
            if exact:
                then = int(link["stopped"])
                ends[segments] = then
                if link["why"] == "killed" or not resumed or resumed[0] != boot or not resumed[1] <= then <= mono:
                    wrong(n, "stopped", "cannot have been then")
                stopped = (boot, then, link["at"] - (mono - then), link["judge"][2] is not None, True)
            state, held_from = "paused", None
        elif event == "resume":
            gap = "none"
            if stopped and stopped[0] == boot and mono >= stopped[1]:
                gap = f"{'exact' if stopped[4] else 'at-most'} {mono - stopped[1]}"
            elif stopped:
                known = stopped[3] and link["judge"][2] is not None and link["at"] >= stopped[2]
                gap = f"about {link['at'] - stopped[2]}" if known else "unknown"
            segments += 1
            if state != "paused" or link["segment"] != segments:
                wrong(n, "resume", "is not the next segment after a pause")
            if link["gap"] != gap:
                wrong(n, "gap", f"was {gap}")
            state, held_from, resumed = "recording", (boot, mono), (boot, mono)
        elif event == "segment":
            open_now = segments if state == "recording" else 0
            if link["segment"] in closed | {open_now} or not 1 <= link["segment"] <= segments:
                wrong(n, "segment", "is none that has ended and was not closed")
            closed.add(link["segment"])
            if link["bytes"] == 0:
                empty.add(link["segment"])
        elif event == "finish":
            if state != "paused" or len(closed) != segments or link["segments"] != segments:
                wrong(n, "segments", "not every segment is closed")
            if link["steps"] != marked or (link["ending"] == "complete" and marked != steps):
                wrong(n, "steps", f"{marked} of {steps} are marked")
            state = "ended"
        shows = (event == "resume" and segments == 1) or event == "mark"
        due = marked + 1 if shows and marked < steps else None
        last = link
    for n, field, segment, mono in rests:
        if segment in empty or mono > ends.get(segment, mono) + 5_000:
            wrong(n, field, "nothing was recorded when this happened")
    if state != "ended":
        wrong("seal", "finish", "it has not ended")


def hexadecimal(length):
    def read(text):
        if not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text):
            raise argparse.ArgumentTypeError(f"{text!r} is not {2 * length} small hex digits")
        return text

    return read


def asked():
    about = argparse.ArgumentParser(description=__doc__)
    about.add_argument("chain", metavar="CHAIN", help="the chain's file")
    key = "the public key that the device was enrolled with, or a file that has it"
    about.add_argument("key", metavar="KEY", help=key)
    about.add_argument("--sha256", type=hexadecimal(32), help="what the record answers with: the chain's SHA-256")
    server = about.add_argument_group("the server's signature; all or none of them")
    server.add_argument("--server-key", type=hexadecimal(32), help="the server's public key")
    server.add_argument("--signature", type=hexadecimal(64))
    server.add_argument("--team", help="the team's id")
    server.add_argument("--act", help="the id of the act that sealed it")
    server.add_argument("--at", type=int, help="when the server had it, Unix milliseconds")
    given = about.parse_args()
    signed = [given.server_key, given.signature, given.team, given.act, given.at]
    if any(value is not None for value in signed) and None in signed:
        about.error("--server-key, --signature, --team, --act and --at belong together")
    if not re.fullmatch("[0-9a-f]{64}", given.key):
        try:
            given.key = hexadecimal(32)(open(given.key, encoding="utf-8").read().strip())
        except (OSError, ValueError, argparse.ArgumentTypeError):
            about.error(f"KEY {given.key!r} is neither 64 small hex digits nor a file that has them")
    try:
        given.bytes = open(given.chain, "rb").read()
    except OSError as odd:
        about.error(f"CHAIN {given.chain!r} cannot be read ({odd.strerror}): save the chain's file, or name it")
    return given


def received(given, links):
    """What a server says that it received is this file, by its signature."""
    about = links[0] if links else {}
    told = f"team {given.team}\nrecord {about.get('record')}\nact {given.act}\nfield {about.get('field')}\n"
    file = hashlib.sha256(given.bytes).hexdigest()
    told = f"rounds evidence v1 received\n{told}sha256 {file}\nat {given.at}\n"
    if not is_signed(bytes.fromhex(given.server_key), told.encode(), bytes.fromhex(given.signature)):
        wrong("file", "server", "the server has not signed that it received this file then")


def main():
    given = asked()
    file = hashlib.sha256(given.bytes).hexdigest()
    if given.sha256 and given.sha256 != file:
        wrong("file", "sha256", f"is {file}: it is another file")
    links, seal, head = [], {}, "0" * 64
    try:
        links, seal, head = read(given.bytes.decode())
        course(links)
    except (KeyError, TypeError, ValueError) as odd:
        wrong("?", "?", f"says what no recording says ({odd!r})")
    if given.bytes[-1:] != b"\n":
        wrong("seal", "end", "something stands behind it, or it was cut")
    if len({link["chain"] for link in links}) > 1:
        wrong("?", "chain", "a link is of another recording")
    if seal.get("head") != head or seal.get("key") != given.key:
        wrong("seal", "head", "is of another chain or key")
    if set(seal) != {"!seal", "head", "key", "signature"}:
        wrong("seal", "end", "has other lines than a seal")
    signature = seal.get("signature", "")
    known = re.fullmatch("[0-9a-f]{128}", signature) and re.fullmatch("[0-9a-f]{64}", head)
    message = b"rounds evidence v1 seal\0" + bytes.fromhex(head) if known else b""
    if not known or not is_signed(bytes.fromhex(given.key), message, bytes.fromhex(signature)):
        wrong("seal", "signature", "does not fit")
    if given.server_key:
        received(given, links)
    print("\n".join(found) if found else f"nothing is wrong: {len(links)} links")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
