// Small helps on top of pages that work without any script: search as you type, a record beside its list
// without a new page, acts that keep what was typed when they are refused, and a board that stays fresh.
"use strict";

// On a narrow screen the pages are one row that scrolls: the present one is moved into view. Only the row
// is scrolled, not the page.
for (const here of document.querySelectorAll(".nav [aria-current]")) {
  const row = here.closest("nav");
  const [at, box] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += at.left - box.left - (box.width - at.width) / 2;
}

/** The same page as the server has it now, or nothing if it cannot be had. */
async function fetched(url, signal) {
  const answer = await fetch(url, { signal, headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// What has the focus in one state of a part, in the next state of it: the same sort of thing with the same id,
// address, name and value, the same one of several.
const alike = (part, element) => {
  const key = (one) => JSON.stringify([one.id, one.getAttribute("href"), one.name, one.value, one.dataset.test]);
  return [...part.querySelectorAll(element.localName)].filter((one) => key(one) === key(element));
};

/** Gives the focus to what takes none by itself. */
function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Puts parts of another page, by their ids, in the place of ours. Whoever works with the keyboard stays where they are. */
function put(page, ids) {
  for (const id of ids) {
    const [ours, theirs] = [document.getElementById(id), page.getElementById(id)];
    if (!ours || !theirs) continue;
    const had = ours.contains(document.activeElement) ? document.activeElement : null;
    const which = had && alike(ours, had).indexOf(had);
    ours.replaceWith(theirs);
    if (had) focusOn(alike(theirs, had)[which] ?? theirs);
  }
  for (const back of document.querySelectorAll("input[name=back]")) back.value = location.pathname + location.search;
}

// Whoever cannot see that a part of the page is another now is told so: the same words twice are told twice.
const heard = document.getElementById("renewed");
const tell = (what) => {
  if (!heard) return;
  const count = document.querySelector("[data-test=count]")?.textContent ?? "";
  heard.textContent = "";
  setTimeout(() => { heard.textContent = `${heard.dataset[what]} ${count}`; }, 100);
};

// Filters as you type: the list is asked for anew, and the address is that of the view. Without this, the
// form has a button.
let asking;
for (const form of document.querySelectorAll("form[data-live]")) {
  const parts = form.dataset.live.split(" ");
  let wait;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    const url = form.getAttribute("action") + (query.size ? `?${query}` : "");
    try {
      const page = await fetched(url, asking.signal);
      if (!page) return form.submit();
      history.replaceState(null, "", url);
      shown = location.pathname + location.search;
      put(page, parts);
      tell("found");
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };
  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 220); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(wait); ask(); });
  form.classList.add("live");
}

// A record beside its list.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const page = await fetched(link.href).catch(() => null);
  if (!page || !page.getElementById("results")) return void (location.href = link.href);
  const left = document.querySelector("tr.here")?.dataset.doc;
  history.pushState(null, "", link.href);
  shown = location.pathname + location.search;
  put(page, ["results", "chips"]);
  const panel = document.querySelector(".panel");
  if (panel) { focusOn(panel); if (innerWidth < 1100) panel.scrollIntoView(); }
  // Closed: back to the record in the list from where it was opened.
  else focusOn(document.querySelector(`tr[data-doc="${left}"] a[data-swap]`) ?? document.getElementById("results"));
});
// Another record of the way here: from the server. A mere place within the page is left to the browser.
let shown = location.pathname + location.search;
addEventListener("popstate", () => { if (location.pathname + location.search !== shown) location.reload(); });

// What is typed outlives a page that is made anew: a note in one row while another row is settled, the words of
// an act that was refused because the record is another by now. It is kept in this window alone, until it is
// sent or somebody signs out, and goes back into the same field of the same form. It is that person's alone: in an
// office a window is shared, and whoever is not there any more may not have signed out.
const TYPED = "rounds typed";
const viewer = document.body.dataset.viewer;
const KEPT = `${TYPED} ${viewer ?? ""}`;
try {
  const others = Object.keys(sessionStorage).filter((key) => key.startsWith(TYPED) && key !== KEPT);
  if (viewer) for (const key of others) sessionStorage.removeItem(key);
} catch { /* A window that keeps nothing has nobody else's. */ }
const FRESH = ["csrf", "back", "stage", "heads", "seen"];
const touched = (field) => {
  if (field.options) return ![...field.options].some((o) => o.selected && (o.defaultSelected || o.index === 0));
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
};
// A field by its form and its name, whatever of the form is made for each page anew.
const named = (field) => [
  field.form?.getAttribute("action"), field.name,
  ...[...field.form?.querySelectorAll("input[type=hidden]") ?? []].filter((i) => !FRESH.includes(i.name)).map((i) => i.value),
].join(" ");
const typable = "input:not([type=hidden], [type=file], [type=password], [type=checkbox], [type=radio]), textarea, select";
const isKept = (field) => field.form?.method === "post" && field.name && field.closest("main") && !field.form.matches(".stack, .bulk");
const keepTyped = (but) => {
  const fields = [...document.querySelectorAll(typable)].filter((f) => isKept(f) && f.form !== but && touched(f));
  try {
    if (fields.length) sessionStorage.setItem(KEPT, JSON.stringify(fields.map((f) => [named(f), f.value])));
    else sessionStorage.removeItem(KEPT);
  } catch { /* A window that keeps nothing loses it, as before. */ }
};
const giveBack = () => {
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"); } catch { return; }
  let given = 0;
  for (const field of [...document.querySelectorAll(typable)].filter(isKept)) {
    const found = kept.find(([name]) => name === named(field));
    if (!found || touched(field)) continue;
    field.value = found[1];
    given += 1;
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  }
  if (given) sessionStorage.removeItem(KEPT);
};
giveBack();

// A form that is sent while the server cannot be reached would leave the page for one of the browser's own, and
// what was typed with it. So it is asked first whether the server is there; what is not sent is said.
const reached = async () => {
  try {
    await fetch("/assets/icon.svg", { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
};
const unsent = document.getElementById("unsent");
const unread = (status) => unsent?.dataset.unread.replace("#", status) ?? status;
const say = (key) => {
  if (!unsent) return;
  unsent.textContent = unsent.dataset[key];
  unsent.hidden = false;
  // It stands above the page, and the form may be far below.
  unsent.scrollIntoView({ block: "nearest" });
};
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("form[data-act]")) return;
  if (form.getAttribute("action") === "/sign-out") return void sessionStorage.removeItem(KEPT);
  if (form.dataset.asked) return void delete form.dataset.asked;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  const large = [...form.querySelectorAll("input[type=file][data-most]")].some((input) =>
    [...input.files].some((file) => file.size > Number(input.dataset.most)));
  if (large) return say("large");
  form.ariaBusy = "true";
  const there = await reached();
  form.ariaBusy = "false";
  if (!there) return say("text");
  if (unsent) unsent.hidden = true;
  keepTyped(form);
  form.dataset.asked = "true";
  form.requestSubmit(event.submitter);
});

// An act that is refused says why in its own form: nothing that was typed is lost.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-act]")) return;
  event.preventDefault();
  const said = form.querySelector(".problem");
  // Once, however often it is pressed. A button that is disabled would lose the focus.
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    // The session was over: whoever has signed in again, elsewhere in this browser, has another token. Somebody
    // else who has signed in there states nothing with what is on this page.
    const again = form.hasAttribute("data-over") && await fetched(location.href);
    const token = again && again.body.dataset.viewer === viewer && again.querySelector("input[name=csrf]")?.value;
    if (token) for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    // Something before the server may have answered in its place, with a page of its own.
    const told = await answer.json().catch(() => ({ reason: unread(answer.status), remedy: "" }));
    if (told.goto) { keepTyped(form); return void location.assign(told.goto); }
    // The page may have to be made anew before it can be stated: the words are there again then.
    keepTyped();
    form.toggleAttribute("data-over", Boolean(told.door));
    said.textContent = `${told.reason} ${told.remedy}`;
    said.hidden = false;
    const field = told.field && form.elements[`p/${told.field}`];
    if (field && field.focus) field.focus();
  } catch (error) {
    // No answer came, or nothing could be asked: nobody knows that it was stated, and a second time does nothing
    // twice, because the record would be another than this page shows.
    said.textContent = unsent?.dataset.unsure ?? String(error);
    said.hidden = false;
  } finally {
    form.ariaBusy = "false";
  }
});

// A step of a recording is listened to from where it was done.
document.addEventListener("click", (event) => {
  const mark = event.target.closest("[data-recording] a[data-at]");
  const player = mark?.closest("[data-recording]").querySelector(`.player[data-segment="${mark.dataset.segment}"]`);
  if (!player) return;
  // The step is said before it is marked: a little earlier is where it can be heard.
  const from = () => { player.currentTime = Math.max(0, Number(mark.dataset.at) - 5); player.play().catch(() => {}); };
  if (player.readyState > 0) from();
  else { player.addEventListener("loadedmetadata", from, { once: true }); player.load(); }
});

// How many records of a list are selected.
function picked(form) {
  const boxes = [...form.querySelectorAll("input[name=doc]")];
  const whole = form.querySelector("[data-pick-whole]");
  const count = whole?.checked ? Number(whole.dataset.pickWhole) : boxes.filter((box) => box.checked).length;
  const label = form.querySelector("[data-picked]");
  if (!label) return;
  label.hidden = count === 0;
  label.querySelector("[data-picked-count]").textContent = count;
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form || !event.target.matches("input[type=checkbox]")) return;
  const [all, whole] = [form.querySelector("[data-pick-all]"), form.querySelector("[data-pick-whole]")];
  if (event.target === all || event.target === whole) {
    for (const box of form.querySelectorAll("input[name=doc]")) box.checked = event.target.checked;
  }
  // Whoever leaves one out does not mean all that match.
  if (!event.target.checked) for (const box of [all, whole]) if (box) box.checked = false;
  if (event.target === whole && all) all.checked = whole.checked;
  picked(form);
});

// Tables that are whole on the page are filtered here.
for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = Array.from(document.querySelectorAll(`#${input.dataset.filter} tbody tr`));
  const none = document.querySelector(`[data-none="${input.dataset.filter}"]`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = (row.dataset.text || row.textContent).toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    if (none) none.hidden = shown > 0;
  });
}

// Parts of an open page are renewed when the server says that something is new, at most once in two seconds,
// and never from under somebody's hands: then a button tells how much is other, and what was missed is made up
// for as soon as the hands are off.
const live = document.querySelector("[data-events]");
if (live && "EventSource" in window) {
  const parts = live.dataset.events.split(" ");
  const offer = document.getElementById("news");
  const shownParts = () => parts.map((id) => document.getElementById(id)).filter(Boolean);
  const fields = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")];
  const inHand = () => document.querySelector("main details[open]") || shownParts().some((part) =>
    part.contains(document.activeElement) || part.querySelector("button:hover") || fields(part).some(touched));

  // Rows as they read, without how long ago things were.
  const row = "li[data-test], tr[data-test]";
  const read = (page) => parts.flatMap((id) => [...page.getElementById(id)?.querySelectorAll(row) ?? []])
    .filter((one) => !one.parentElement.closest(row))
    .map((one) => {
      const copy = one.cloneNode(true);
      for (const time of copy.querySelectorAll("time")) time.remove();
      return copy.textContent.replace(/\s+/g, " ");
    });
  const without = (some, others) => some.filter((one) => !others.includes(one)).length;

  let [due, last, missed] = [null, 0, false];
  const take = (page) => {
    const typed = new Map(shownParts().flatMap(fields).filter((f) => "defaultValue" in f && touched(f)).map((f) => [named(f), f.value]));
    put(page, parts);
    for (const field of shownParts().flatMap(fields)) if (typed.has(named(field))) field.value = typed.get(named(field));
    [missed, offer.hidden] = [false, true];
    delete document.documentElement.dataset.waits;
    tell("renewed");
    document.documentElement.dataset.renewed = String(Number(document.documentElement.dataset.renewed || 0) + 1);
  };
  const renew = async () => {
    [due, last] = [null, Date.now()];
    const page = await fetched(location.href).catch(() => null);
    if (!page) return;
    if (!inHand()) return take(page);
    missed = true;
    document.documentElement.dataset.waits = "true";
    const [ours, theirs] = [read(document), read(page)];
    const other = Math.max(without(theirs, ours), without(ours, theirs));
    offer.textContent = offer.dataset.text.replace("#", other);
    offer.hidden = other === 0;
  };
  const soon = () => { due ??= setTimeout(renew, Math.max(0, 2000 - (Date.now() - last))); };
  const makeUp = () => setTimeout(() => { if (missed && !inHand()) soon(); });
  for (const event of ["focusout", "pointerout", "toggle"]) document.addEventListener(event, makeUp, true);
  offer.addEventListener("click", async () => {
    const page = await fetched(location.href).catch(() => null);
    if (!page) return location.reload();
    take(page);
    const [first] = shownParts();
    if (first) { first.tabIndex = -1; first.focus({ preventScroll: true }); }
  });
  const source = new EventSource("/live");
  source.addEventListener("message", soon);
  addEventListener("pagehide", () => source.close());
}
