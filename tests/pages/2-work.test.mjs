// What a supervisor does in the console, with a phone that works beside it; each page in both languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { hand, hands } from './hands.mjs';
import {
  close, create, login, open, operator, phone, plan, shots, signIn, sound, soundBoth, stage, texts, url, visitor,
} from './page.mjs';

before(open);
after(close);

const done = { en: /Done: /, 'zh-CN': /已完成：/ };

for (const [locale, how] of hands) {
  test(`a plan is opened beside its list, closed again and approved, and the phone learns it (${locale}, ${how})`, async () => {
    const id = plan('three stores');
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/work`);
    assert.ok((await texts(page, 'waits')).some((text) => text.includes('three stores')));
    const link = page.locator(`[data-test=waits][data-doc="${id}"] h3 a`);
    await by.press(link);
    await page.waitForURL(/open=/);
    await page.waitForSelector('[data-test=panel]');
    await soundBoth(page, 'list-with-panel');
    // Closed, the focus is where it was opened from, and from there on it is opened again.
    await by.press(page.locator('[data-test=close]'));
    await page.waitForSelector('[data-test=panel]', { state: 'detached' });
    const row = page.locator(`tr[data-doc="${id}"] a[data-swap]`);
    assert.ok(await row.evaluate((a) => a === document.activeElement), 'the focus is on the record that was open');
    await by.press(row);
    await page.waitForSelector('[data-test=panel]');
    await by.submit(page.locator('[data-test=panel] [data-offer=approve] [data-test=state]'));
    assert.match((await texts(page, 'said-now')).join(), done[locale]);
    assert.equal(stage(id), 'approved');
    assert.deepEqual(page.problems, []);
  });

  test(`a plan is sent back with a comment on one question, which the rep reads under it (${locale}, ${how})`, async () => {
    const id = plan('many stores');
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/records/${id}`);
    await by.press(page.locator('[data-offer=reject] summary'));
    await by.press(page.locator('#act-reject [data-test=state]'));
    // The browser itself asks for what is required.
    assert.ok(await page.evaluate(() => document.activeElement?.matches('#act-reject textarea:invalid')));
    await by.type(page.locator('#act-reject textarea').first(), '目标不明确');
    await by.press(page.locator('[data-key=goals] .comment summary'));
    await by.type(page.locator('[data-key=goals] textarea'), '哪几家门店？');
    await soundBoth(page, 'return-with-comment');
    await by.submit(page.locator('#act-reject [data-test=state]'));
    assert.match((await texts(page, 'said')).join(), /哪几家门店/);
    assert.equal(stage(id), 'draft');
    assert.equal(phone('li-na', 'show', id).questions.find((q) => q.key === 'goals').comment, '哪几家门店？');
    assert.deepEqual(page.problems, []);
  });

  test(`many are approved at once, with a report for each (${locale}, ${how})`, async () => {
    const ids = [plan('first'), plan('second')];
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/kinds/day_plan?stage=submitted`);
    // Others may wait there too.
    const all = await page.locator('[data-test=pick]').count();
    assert.ok(all >= 2, `${all} wait`);
    await by.tick(page.locator('[data-pick-all]'));
    assert.match(await page.locator('[data-picked]').innerText(), new RegExp(`\\b${all}\\b`));
    await by.choose(page.locator('[data-test=bulk-act]'), 'approve');
    await by.submit(page.locator('[data-test=bulk-go]'));
    await soundBoth(page, 'bulk-review');
    await by.submit(page.locator('[data-test=bulk-do]'));
    assert.match((await texts(page, 'bulk-count')).join(), new RegExp(`${all}.*${all}`));
    await soundBoth(page, 'bulk-report');
    assert.deepEqual(ids.map((id) => stage(id)), ['approved', 'approved']);
    assert.deepEqual(page.problems, []);
  });

  test(`many are sent back for one reason, and what cannot be says why (${locale}, ${how})`, async () => {
    const [first, second, faster] = [plan('here'), plan('there'), plan('everywhere')];
    const draft = create('li-na', 'day_plan', 'goals=not yet');
    phone('li-na', 'sync');
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/kinds/day_plan`);
    for (const id of [first, second, faster, draft]) await by.tick(page.locator(`tr[data-doc="${id}"] [data-test=pick]`));
    await by.choose(page.locator('[data-test=bulk-act]'), 'reject');
    await by.submit(page.locator('[data-test=bulk-go]'));
    assert.match((await texts(page, 'bulk-how')).join(), locale === 'en' ? /3 of 4/ : /4 条中有 3 条/);
    const row = (id) => page.locator(`[data-test=bulk-row][data-doc="${id}"]`);
    assert.equal(await row(draft).locator('input').count(), 0, 'what is not possible cannot be chosen');
    // The reason is asked for by the browser, before anything is sent.
    await by.press(page.locator('[data-test=bulk-do]'));
    assert.ok(await page.evaluate(() => document.activeElement?.matches('.bulk textarea:invalid')));
    // Meanwhile another tab sends one back: it is not what was shown any more.
    const other = await page.context().newPage();
    await other.goto(`${url}/records/${faster}`);
    await other.locator('[data-offer=reject] summary').click();
    await other.locator('#act-reject textarea').first().fill('另一个标签页');
    await Promise.all([other.waitForEvent('load'), other.locator('#act-reject [data-test=state]').click()]);
    await by.type(page.locator('.bulk textarea'), '请写明门店');
    await by.submit(page.locator('[data-test=bulk-do]'));
    assert.match((await texts(page, 'bulk-count')).join(), locale === 'en' ? /2 of 3/ : /3 条中已确认 2 条/);
    assert.match(await row(faster).locator('[data-test=outcome]').innerText(), /\S{2,}/);
    await soundBoth(page, 'bulk-mixed');
    assert.deepEqual([first, second, faster].map((id) => stage(id)), ['draft', 'draft', 'draft']);
    assert.deepEqual(page.problems, []);
  });
}

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
  assert.ok(await page.locator('[data-offer=approve] [data-test=state]').evaluate((one) => one === document.activeElement),
    'whoever works with the keyboard stays where they are');
  page.problems = page.problems.filter((p) => !p.includes('409'));
  assert.deepEqual(page.problems, []);
});

for (const [locale, how] of hands) {
  test(`a list filters as one types, and its view is kept, come back to and forgotten (${locale}, ${how})`, async () => {
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/kinds/visit`);
    const all = await page.locator('[data-test=record]').count();
    await by.type(page.locator('#q'), 'qingniwa');
    await page.waitForFunction((all) => document.querySelectorAll('[data-test=record]').length < all, all);
    assert.match(page.url(), /q=qingniwa/, 'found by the store that it links to');
    assert.ok(await page.evaluate(() => document.activeElement?.id === 'q'), 'the focus stays');
    await by.press(page.locator('[data-test=view-save] summary'));
    await by.type(page.locator('#view-name'), `Qingniwa ${how}`);
    await by.submit(page.locator('[data-test=view-save] button.main'));
    const view = page.locator('.view', { hasText: `Qingniwa ${how}` });
    assert.equal(await view.count(), 1);
    await page.goto(`${url}/kinds/visit`);
    await by.submit(view.locator('[data-test=view]'));
    assert.match(page.url(), /q=qingniwa/);
    await by.press(page.locator('[data-test=record] a').first());
    await page.waitForSelector('[data-test=panel]');
    assert.match(page.url(), /open=/);
    await page.reload();
    await page.waitForSelector('[data-test=panel]');
    await by.submit(view.locator('button'));
    assert.equal(await view.count(), 0);
    assert.deepEqual(page.problems, []);
  });
}

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

for (const [locale, how] of hands) {
  test(`a rep is invited with a QR code, and what was done stands in the log (${locale}, ${how})`, async () => {
    const name = { mouse: '赵敏', keys: '孙强' }[how];
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/team`);
    await by.type(page.locator('#invite-name'), name);
    await by.submit(page.locator('[data-test=invite-go]'));
    await page.waitForSelector('[data-test=qr]');
    assert.match((await texts(page, 'code')).join(), /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await soundBoth(page, 'invitation');
    await page.goto(`${url}/team/log`);
    assert.match((await texts(page, 'noted')).join(), { en: /赵敏 was invited/, 'zh-CN': /孙强/ }[locale]);
    await page.goto(`${url}/team`);
    await by.type(page.locator('#filter'), '李');
    assert.deepEqual(await page.locator('[data-test=person]:visible th').allInnerTexts(), ['李娜']);
    await by.submit(page.locator('[data-test=person] a', { hasText: '李娜' }));
    assert.match((await texts(page, 'device')).join(), /Li Na's phone/);
    assert.deepEqual(page.problems, []);
  });
}

for (const [locale, how] of hands) {
  test(`a list is taken out as CSV and XLSX, and a program reads with a token until it is taken back (${locale}, ${how})`, async () => {
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/kinds/store`);
    for (const [name, begins] of [['csv', [0xef, 0xbb, 0xbf]], ['xlsx', [0x50, 0x4b]]]) {
      const [file] = await Promise.all([page.waitForEvent('download'), by.press(page.locator(`[data-test=${name}]`))]);
      const bytes = readFileSync(await file.path());
      assert.deepEqual([...bytes.subarray(0, begins.length)], begins, name);
    }
    await page.goto(`${url}/data`);
    await by.type(page.locator('[data-test=token-form] input[name=name]'), `BI ${how}`);
    await by.submit(page.locator('[data-test=token-go]'));
    const token = (await texts(page, 'code'))[0].trim();
    const read = () => fetch(`${url}/v1/read/kinds/store?limit=2`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await read();
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).records.length, 2);
    await page.goto(`${url}/data`);
    await by.submit(page.locator('[data-test=token]', { hasText: `BI ${how}` }).locator('button'));
    assert.equal((await read()).status, 401);
    assert.deepEqual(page.problems, []);
  });
}

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
  'report-scores': '/reports/audit/scores',
  'report-attendance': '/reports/family/attendance',
  'report-distribution': '/reports/sku_check/distribution',
  'report-prices': '/reports/sku_check/prices',
  'report-goals': '/reports/week_plan/goal_sheet',
  person: () => `/team/people/${person('李娜')}`,
  'own-page': () => `/team/people/${person(login.name)}`,
  way: () => `/?rep=${person('李娜')}`,
  ...Object.fromEntries(['audit', 'visit', 'application', 'store'].map((kind) =>
    [`record-${kind}`, () => `/records/${newest(kind)}`])),
};
const newest = (kind) => phone('li-na', 'list', kind).rows[0].id;
const person = (name) => JSON.parse(operator('people')).find((one) => one.name === name).id;
for (const [name, where] of Object.entries(pages)) {
  test(`${name} is sound at every width and in both languages`, async () => {
    const path = typeof where === 'function' ? where() : where;
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
  assert.deepEqual(page.problems, []);
});

test('the door is sound at every width and in both languages, with and without something to say', async () => {
  for (const [locale, how] of hands) {
    const page = await visitor(locale);
    await page.goto(`${url}/sign-in`);
    await soundBoth(page, 'sign-in');
    const by = hand(page, how);
    await by.type(page.locator('#name'), '谁');
    await by.type(page.locator('#password'), 'not this one');
    await by.submit(page.locator('[data-test=sign-in]'));
    await page.waitForSelector('[data-test=problem]');
    await soundBoth(page, 'sign-in-refused');
    page.problems = page.problems.filter((problem) => !/40[01239]|422|429/.test(problem));
    assert.deepEqual(page.problems, []);
  }
});
