// The two ways to work a page: with a mouse, in English, and with the keyboard alone, in Chinese. A test that
// goes through both says each step once.
import assert from 'node:assert/strict';

/** What each act is done with, and in which language. */
export const hands = [['en', 'mouse'], ['zh-CN', 'keys']];

/** The hand of a visitor, who is on `page`. */
export const hand = (page, how) => ({ mouse: mouse(page), keys: keys(page) })[how];

/** As many stops as a page can have: more is a way that nobody goes. */
const STOPS = 250;

/** What has the focus, in words, and whether it is this element. */
const stop = (element) => {
  const now = document.activeElement;
  const said = now?.getAttribute('aria-label') || now?.innerText || now?.getAttribute('name') || '';
  const what = !now || now === document.body ? 'nothing' : `${now.localName} “${said.trim().slice(0, 30)}”`;
  // A player has stops of its own inside, which all are the player to the page.
  return { there: now === element, skip: !!now?.matches('a.skip'), nothing: what === 'nothing', what };
};

/**
 * Goes to an element as somebody without a mouse does: on a page that was just opened over the skip link, else on
 * from where the focus is, and round. Fails with the way that it went.
 */
export async function reach(page, locator) {
  await locator.waitFor({ state: 'attached' });
  const look = () => locator.evaluate(stop);
  const way = [];
  let now = await look();
  if (now.there) return;
  if (now.nothing && await page.locator('a.skip').count()) {
    await page.keyboard.press('Tab');
    now = await look();
    assert.ok(now.skip, `the focus was lost: the first stop is ${now.what}`);
    if (await locator.evaluate((element) => !!element.closest('main'))) await page.keyboard.press('Enter');
  }
  for (let n = 0; n < STOPS; n += 1) {
    await page.keyboard.press('Tab');
    now = await look();
    way.push(now.what);
    if (now.there) return void await seen(locator);
  }
  assert.fail(`no way to ${locator}: ${way.join(', ')}`);
}

/** What has the focus shows it, and is not hidden behind something else. */
async function seen(locator) {
  const shown = await locator.evaluate((element) => {
    const style = getComputedStyle(element);
    const marked = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + Math.min(height / 2, 20)];
    const over = document.elementFromPoint(x, y);
    const own = !over || over === element || element.contains(over) || over.contains(element) || !!element.labels?.length;
    return { marked, own, over: over?.outerHTML.slice(0, 120) };
  });
  assert.ok(shown.marked, `the focus cannot be seen on ${locator}`);
  assert.ok(shown.own, `${locator} has the focus behind ${shown.over}`);
}

/** Tabs to an element and presses it, with the key that works it. */
export async function press(page, locator) {
  await reach(page, locator);
  await page.keyboard.press(await locator.evaluate((element) => element.matches('input[type=checkbox]')) ? 'Space' : 'Enter');
}

/** Arrow keys from the chosen option of a list to another one. */
async function choose(page, locator, wanted) {
  await reach(page, locator);
  const [from, to] = await locator.evaluate((list, wanted) => {
    const all = [...list.options];
    return [list.selectedIndex, all.findIndex((one) => one.value === wanted || one.label === wanted)];
  }, wanted);
  assert.ok(to >= 0, `${wanted} is not on offer`);
  for (let n = from; n !== to; n += Math.sign(to - from)) {
    await page.keyboard.press(to > from ? 'ArrowDown' : 'ArrowUp');
  }
  assert.equal(await locator.evaluate((list) => list.selectedIndex), to);
}

const keys = (page) => ({
  press: (locator) => press(page, locator),
  tick: (locator) => press(page, locator),
  choose: (locator, value) => choose(page, locator, value),
  async type(locator, text) {
    await reach(page, locator);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  },
  async file(locator, file) {
    await reach(page, locator);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
    await chooser.setFiles(file);
  },
  async submit(locator) {
    await reach(page, locator);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  },
});

const mouse = (page) => ({
  press: (locator) => locator.click(),
  tick: (locator) => locator.check(),
  choose: (locator, value) => locator.selectOption(value),
  type: (locator, text) => locator.fill(text),
  file: (locator, file) => locator.setInputFiles(file),
  submit: (locator) => Promise.all([page.waitForEvent('load'), locator.click()]),
});
