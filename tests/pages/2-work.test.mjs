// What a supervisor does in the console, with a phone that works beside it; each page in both languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { close, open, phone, shots, signIn, sound, texts, url, visitor } from './page.mjs';

before(open);
after(close);

const day = new Date(Date.now() + 86400000).toISOString().slice(0, 10);

/** A plan that Li Na hands in. */
function plan(goals) {
  const made = phone('li-na', 'new', 'day_plan', `date=${day}`, `goals=${goals}`, 'plan=along the square',
    'prepared=appointments written_plan area papers goods tools mindset');
  const id = made.id ?? made.record?.id ?? made.doc;
  phone('li-na', 'act', id, 'submit');
  phone('li-na', 'sync');
  return id;
}
const stage = (id) => phone('li-na', 'show', id).stage.name;

test('a plan is approved with the keyboard alone, and the phone learns it', async () => {
  const id = plan('three stores');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/work`);
  assert.ok((await texts(page, 'waits')).some((text) => text.includes(day)));
  const link = page.locator('[data-test=waits] h3 a').first();
  await link.focus();
  await Promise.all([page.waitForURL(/open=/), page.keyboard.press('Enter')]);
  await page.waitForSelector('[data-test=panel]');
  await sound(page, 'plan-beside-en');
  const approve = page.locator('[data-offer=approve] [data-test=state]');
  await approve.focus();
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  assert.match((await texts(page, 'said-now')).join(), /Done: Approve/);
  phone('li-na', 'sync');
  assert.equal(stage(id), 'approved');
  assert.deepEqual(page.problems, []);
});

test('a plan is sent back with a comment on one question, which the rep reads under it', async () => {
  const id = plan('many stores');
  const page = await visitor('zh-CN');
  await signIn(page);
  await page.goto(`${url}/records/${id}`);
  await page.locator('[data-offer=reject] summary').click();
  await page.locator('#act-reject [data-test=state]').click();
  // The browser itself asks for what is required.
  assert.ok(await page.evaluate(() => document.activeElement?.matches('#act-reject textarea:invalid')));
  await page.locator('[data-key=goals] .comment summary').click();
  await page.locator('[data-key=goals] textarea').fill('哪几家门店？');
  await page.locator('#act-reject textarea').first().fill('目标不明确');
  await sound(page, 'return-with-comment-zh-CN');
  await Promise.all([page.waitForEvent('load'), page.locator('#act-reject [data-test=state]').click()]);
  assert.match((await texts(page, 'said')).join(), /哪几家门店/);
  phone('li-na', 'sync');
  const shown = phone('li-na', 'show', id);
  assert.equal(shown.stage.name, 'draft');
  assert.equal(shown.questions.find((q) => q.key === 'goals').comment, '哪几家门店？');
  assert.deepEqual(page.problems, []);
});

test('a refused act says why in its form and keeps what was typed', async () => {
  const id = plan('two stores');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/records/${id}`);
  phone('li-na', 'sync');
  // Somebody else was faster: another tab of the same person.
  const other = await page.context().newPage();
  await other.goto(`${url}/records/${id}`);
  await Promise.all([other.waitForEvent('load'), other.locator('[data-offer=approve] [data-test=state]').click()]);
  await page.locator('[data-offer=approve] [data-test=state]').click();
  const said = page.locator('[data-offer=approve] .problem');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /Approve/);
  page.problems = page.problems.filter((p) => !p.includes('409'));
  assert.deepEqual(page.problems, []);
});

test('many are approved at once, with a report for each', async () => {
  plan('first');
  plan('second');
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/kinds/day_plan?stage=submitted`);
  await page.locator('[data-pick-all]').check();
  assert.match(await page.locator('[data-picked]').innerText(), /2/);
  await page.selectOption('[data-test=bulk-act]', 'approve');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=bulk-go]')]);
  await sound(page, 'bulk-review-en');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=bulk-do]')]);
  assert.match((await texts(page, 'bulk-count')).join(), /Accepted: 2 of 2/);
  await sound(page, 'bulk-report-en');
  assert.deepEqual(page.problems, []);
});

test('a list filters as one types, keeps its view in the address, and remembers it', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/kinds/visit`);
  const all = await page.locator('[data-test=record]').count();
  await page.fill('#q', 'qingniwa');
  await page.waitForFunction((all) => document.querySelectorAll('[data-test=record]').length < all, all);
  assert.match(page.url(), /q=qingniwa/, 'found by the store that it links to');
  assert.ok(await page.evaluate(() => document.activeElement?.id === 'q'), 'the focus stays');
  await page.locator('[data-test=view-save] summary').click();
  await page.fill('#view-name', 'Qingniwa');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=view-save] button.main')]);
  assert.match((await texts(page, 'view')).join(), /Qingniwa/);
  await page.locator('[data-test=record] a').first().click();
  await page.waitForSelector('[data-test=panel]');
  assert.match(page.url(), /open=/);
  await page.reload();
  await page.waitForSelector('[data-test=panel]');
  assert.deepEqual(page.problems, []);
});

test('the board renews itself when a phone has synced', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(url);
  await page.waitForSelector('[data-test=plot]');
  const seen = () => page.evaluate(() => Number(document.documentElement.dataset.renewed || 0));
  await page.waitForFunction(() => Number(document.documentElement.dataset.renewed || 0) > 0);
  const before = await seen();
  plan('live');
  await page.waitForFunction((n) => Number(document.documentElement.dataset.renewed || 0) > n, before);
  await page.waitForFunction(() => document.querySelector('[data-test=number-waits] .figure')?.textContent !== '0');
  assert.deepEqual(page.problems, []);
});

test('exceptions are one list with reason, age, owner and what can be done', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/exceptions`);
  const rows = await texts(page, 'exception');
  assert.ok(rows.some((row) => /Not accepted[\s\S]*already has an open application/.test(row)), rows.join('\n'));
  await page.click('[data-test=sort-conflict]');
  await page.waitForSelector('[data-test=no-exceptions]');
  assert.deepEqual(page.problems, []);
});

test('a rep is invited with a QR code, and what was done stands in the log', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/team`);
  await page.fill('#invite-name', '赵敏');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=invite-go]')]);
  await page.waitForSelector('[data-test=qr]');
  assert.match((await texts(page, 'code')).join(), /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await page.goto(`${url}/team/log`);
  assert.match((await texts(page, 'noted')).join(), /赵敏 was invited/);
  await page.goto(`${url}/team`);
  await page.locator('[data-test=person] a', { hasText: '李娜' }).click();
  assert.match((await texts(page, 'device')).join(), /Li Na's phone/);
  assert.deepEqual(page.problems, []);
});

test('rows are checked before they come in, and what is wrong is told by its row', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/data`);
  const upload = (text) => page.setInputFiles('[data-test=import] input[type=file]',
    { name: 'stores.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.selectOption('[data-test=import] select[name=kind]', 'store');
  await page.fill('[data-test=import] input[name=key]', 'code');
  await upload('code,label,store_type\nS9001,新店,convenience\nS9002,,kiosk\n');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=import-go]')]);
  assert.match((await texts(page, 'problems')).join('\n'), /3/);
  assert.equal(await page.locator('[data-test=go]').count(), 0, 'nothing half right comes in');
  await sound(page, 'rows-wrong-en');
  await page.goto(`${url}/data`);
  await page.selectOption('[data-test=import] select[name=kind]', 'store');
  await page.fill('[data-test=import] input[name=key]', 'code');
  await upload('code,label,store_type\nS9001,新店,convenience\n');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=import-go]')]);
  await sound(page, 'rows-right-en');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=go]')]);
  await page.goto(`${url}/kinds/store?q=S9001`);
  assert.match((await texts(page, 'record')).join(), /新店/);
  assert.deepEqual(page.problems, []);
});

test('a list is taken out as CSV and XLSX, and a program reads with a token until it is taken back', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/kinds/store`);
  for (const [name, begins] of [['csv', [0xef, 0xbb, 0xbf]], ['xlsx', [0x50, 0x4b]]]) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(`[data-test=${name}]`)]);
    const bytes = readFileSync(await file.path());
    assert.deepEqual([...bytes.subarray(0, begins.length)], begins, name);
  }
  await page.goto(`${url}/data`);
  await page.fill('[data-test=token-form] input[name=name]', 'BI');
  await Promise.all([page.waitForEvent('load'), page.click('[data-test=token-go]')]);
  const token = (await texts(page, 'code'))[0].trim();
  const read = () => fetch(`${url}/v1/read/kinds/store?limit=2`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await read();
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).records.length, 2);
  await page.goto(`${url}/data`);
  await Promise.all([page.waitForEvent('load'), page.locator('[data-test=token] button').first().click()]);
  assert.equal((await read()).status, 401);
  assert.deepEqual(page.problems, []);
});

test('a report is printed on paper', async () => {
  const page = await visitor('zh-CN');
  await signIn(page);
  await page.goto(`${url}/reports/visit/coverage`);
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await page.emulateMedia({ media: 'print' });
  assert.ok(!(await page.locator('nav').first().isVisible()), 'what leads elsewhere is not on paper');
  await page.screenshot({ path: `${shots}/report-print-zh-CN.png`, fullPage: true });
  assert.deepEqual(page.problems, []);
});

// Every page, in both languages, wide and narrow, light and dark.
const pages = {
  today: '/',
  work: '/work',
  visits: '/kinds/visit',
  photos: '/kinds/audit/photos',
  scores: '/kinds/audit/scores',
  exceptions: '/exceptions',
  conflicts: '/conflicts',
  holding: '/holding',
  reminders: '/reminders',
  team: '/team',
  log: '/team/log',
  templates: '/templates',
  template: '/templates/store-visit',
  data: '/data',
  reports: '/reports',
  coverage: '/reports/visit/coverage',
};
for (const [name, path] of Object.entries(pages)) {
  test(`${name} is sound at every width and in both languages`, async () => {
    // At once: they share the server, the day and the session, and disturb nobody.
    const views = [['en', 1280, 'light'], ['zh-CN', 1280, 'dark'], ['zh-CN', 390, 'light'], ['en', 390, 'dark']];
    await Promise.all(views.map(async ([locale, width, scheme]) => {
      const page = await visitor(locale, width, scheme);
      await signIn(page);
      const answer = await page.goto(url + path);
      assert.equal(answer.status(), 200, path);
      assert.equal(await page.getAttribute('html', 'lang'), locale);
      await sound(page, `${name}-${locale}-${width}-${scheme}`);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    }));
  });
}

test('a way of one rep is plotted stop by stop', async () => {
  const page = await visitor('zh-CN');
  await signIn(page);
  await page.locator('[data-test=rep-way]', { hasText: '李娜' }).click();
  await page.waitForSelector('[data-test=way]');
  assert.equal(await page.locator('[data-test=way] li').count(), 2);
  await sound(page, 'way-zh-CN');
  assert.deepEqual(page.problems, []);
});

test('records and their stories are sound', async () => {
  const page = await visitor('en');
  await signIn(page);
  for (const kind of ['audit', 'visit', 'application', 'store']) {
    await page.goto(`${url}/kinds/${kind}`);
    const href = await page.locator('[data-test=record]').first().getAttribute('data-doc');
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${url}/records/${href}`);
      await sound(page, `record-${kind}-${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  assert.deepEqual(page.problems, []);
});
