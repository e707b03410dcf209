// The supervisors' console after the demo day, as Chromium shows it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, open, shots, signIn, texts, url, visitor } from './page.mjs';

before(open);
after(close);

test('a wrong password is told in words and opens nothing', async () => {
  const page = await visitor('en');
  await signIn(page, 'not this one');
  assert.equal(await page.locator('[data-test=problem]').count(), 1);
  assert.equal(await page.locator('[data-test=rep]').count(), 0);
  const answer = await page.goto(`${url}/kinds/store`);
  assert.match(page.url(), /sign-in/);
  assert.equal(answer.status(), 200);
});

for (const [locale, words] of [
  ['en', { notAccepted: 'Not accepted', reason: 'already has an open application', never: 'never', lang: 'en' }],
  ['zh-CN', { notAccepted: '未通过', reason: '已有一份未完结的申请', never: '从未', lang: 'zh-CN' }],
]) {
  test(`the board shows exactly the day (${locale})`, async () => {
    const page = await visitor(locale);
    await signIn(page);
    assert.equal(await page.getAttribute('html', 'lang'), words.lang);
    const rows = page.locator('[data-test=rep]');
    const seen = {};
    for (const row of await rows.all()) {
      const name = (await row.locator('th').innerText()).trim();
      const number = async (what) => (await row.locator(`[data-test=${what}]`).allInnerTexts()).join(' ').trim();
      seen[name] = [await number('done'), await number('planned'), await number('blocked'), await number('conflicts')];
    }
    assert.deepEqual(Object.keys(seen).sort(), ['张伟', '李娜', '陈静'].sort());
    assert.deepEqual(seen['李娜'], ['2', '2', '0', '0']);
    assert.deepEqual(seen['张伟'], ['1', '2', '1', '0']);
    const chen = page.locator('[data-test=rep]', { hasText: '陈静' });
    assert.match(await chen.locator('[data-test=last-sync]').innerText(), new RegExp(words.never));
    const decisions = await texts(page, 'decision');
    assert.equal(decisions.length, 1);
    assert.match(decisions[0], new RegExp(`${words.notAccepted}[\\s\\S]*P10000000123[\\s\\S]*${words.reason}`));
    await page.screenshot({ path: `${shots}/board-${locale}.png`, fullPage: true });
    assert.deepEqual(page.problems, []);
  });
}

test('a record tells its story: edits, who chose between two versions, acts and rulings', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/kinds/store?q=${encodeURIComponent('中山广场')}`);
  await page.locator('[data-test=record] a').first().click();
  await page.waitForSelector('[data-test=edits]');
  const edits = (await texts(page, 'edit')).join('\n');
  assert.match(edits, /0411-82630001/);
  assert.match(edits, /0411-82650002/);
  assert.equal(await page.locator('[data-test=settled]').count(), 1, 'one edit settled the conflict');
  await page.screenshot({ path: `${shots}/store.png`, fullPage: true });

  await page.goto(url);
  await page.locator('[data-test=decision] h3 a').click();
  await page.waitForSelector('[data-test=acts]');
  assert.match((await texts(page, 'refusal')).join(' '), /already has an open application/);
  assert.match((await texts(page, 'stage')).join(' '), /Draft/);
  await page.screenshot({ path: `${shots}/application.png`, fullPage: true });

  assert.deepEqual(page.problems, []);
});

test('it fits a phone, in the dark, and the keyboard reaches the first record', async () => {
  const page = await visitor('zh-CN', 390, 'dark');
  await signIn(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.equal(wide, false, 'nothing sticks out sideways');
  // Past the menu, however many kinds the packs have.
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement?.matches('a.skip')), 'the first stop skips the menu');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 30; i += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.matches('[data-test=decision] h3 a'))) break;
  }
  await Promise.all([page.waitForURL(/records/), page.keyboard.press('Enter')]);
  await page.screenshot({ path: `${shots}/application-phone-dark.png`, fullPage: true });
  assert.deepEqual(page.problems, []);
});

test('nothing is open without a session, and every page is guarded by its headers', async () => {
  for (const path of ['/', '/kinds/store', '/records/01a2092d-3c70-7ace-86a9-81972562f6d7']) {
    const answer = await fetch(url + path, { redirect: 'manual' });
    assert.ok([302, 303, 307].includes(answer.status), `${path}: ${answer.status}`);
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  }
});
