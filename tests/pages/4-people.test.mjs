// What is done about people: with a mouse in English, with the keyboard alone in Chinese.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hand, hands } from './hands.mjs';
import { close, login, open, operator, phone, signIn, soundBoth, texts, url, visitor } from './page.mjs';

before(open);
after(close);

const HEAD = 'Rounds';
const person = (name) => JSON.parse(operator('people')).find((one) => one.name === name).id;
const pageOf = (name) => `${url}/team/people/${person(name)}`;
const passwords = {};

/** Signs in at the door, as whoever it is. */
async function enter(page, by, name) {
  passwords[name] ??= JSON.parse(operator('password', '--person', name)).password;
  await page.goto(`${url}/sign-in`);
  await by.type(page.locator('#name'), name);
  await by.type(page.locator('#password'), passwords[name]);
  await by.submit(page.locator('[data-test=sign-in]'));
  assert.equal(new URL(page.url()).pathname, '/');
}

for (const [locale, how] of hands) {
  const start = async () => {
    const page = await visitor(locale);
    return [page, hand(page, how)];
  };

  test(`somebody is invited again, and whoever leaves has no access any more (${locale}, ${how})`, async () => {
    const name = { mouse: '钱一', keys: '钱二' }[how];
    operator('invite', '--person', name, '--role', 'rep', '--led-by', login.name);
    const [page, by] = await start();
    await signIn(page);
    await page.goto(pageOf(name));
    await by.submit(page.locator('[data-test=invite-again]'));
    await page.waitForSelector('[data-test=qr]');
    const code = (await texts(page, 'code'))[0].trim();
    await soundBoth(page, 'invited-again');
    const dir = `new-${how}`;
    phone(dir, 'enrol', url, code, '--name', `Phone of ${how}`);
    phone(dir, 'sync');
    await page.goto(pageOf(name));
    assert.match((await texts(page, 'device')).join(), new RegExp(`Phone of ${how}`));
    await by.press(page.locator('summary', { hasText: locale === 'en' ? 'Withdraw all access' : '收回全部权限' }));
    await by.submit(page.locator('[data-test=revoke]'));
    assert.equal(await page.locator('[data-test=said-now]').count(), 1);
    phone(dir, 'sync');
    assert.equal(phone(dir, 'status').state, 'signed_out');
    assert.deepEqual(page.problems, []);
  });

  test(`an area is granted by head office, and by a supervisor who holds it, and withdrawn (${locale}, ${how})`, async () => {
    const area = { mouse: '中山区', keys: '沙河口区' }[how];
    const [head, byHead] = await start();
    await enter(head, byHead, HEAD);
    await head.goto(pageOf(login.name));
    await byHead.type(head.locator('#area'), area);
    await byHead.submit(head.locator('[data-test=grant]'));
    await soundBoth(head, 'person-head-office');

    const [page, by] = await start();
    await signIn(page);
    await page.goto(pageOf('陈静'));
    await by.choose(page.locator('#area'), area);
    await by.submit(page.locator('[data-test=grant]'));
    assert.match(await page.locator('h1 + .sub').innerText(), new RegExp(area));
    await by.submit(page.locator('section:has(#territory) li', { hasText: area }).locator('button'));
    assert.doesNotMatch(await page.locator('h1 + .sub').innerText(), new RegExp(area));

    // Head office takes a lead away, and gives it again.
    await head.goto(pageOf('陈静'));
    const lead = head.locator('section:has(#leads) li', { hasText: login.name });
    await byHead.submit(lead.locator('button'));
    await head.goto(pageOf('陈静'));
    assert.equal(await lead.count(), 0);
    assert.equal((await page.goto(pageOf('陈静'))).status(), 404, 'nobody of hers any more');
    await byHead.choose(head.locator('#leader'), login.name);
    await byHead.submit(head.locator('[data-test=give]'));
    assert.equal((await page.goto(pageOf('陈静'))).status(), 200);
    page.problems = page.problems.filter((problem) => !problem.includes('404'));
    assert.deepEqual([...head.problems, ...page.problems], []);
  });

  test(`the language is another with one press, wherever one is, and stays; who signs out is out (${locale}, ${how})`, async () => {
    const [page, by] = await start();
    await page.goto(`${url}/sign-in`);
    const other = locale === 'en' ? 'zh-CN' : 'en';
    const lang = () => page.getAttribute('html', 'lang');
    for (const wanted of [other, locale]) {
      await by.submit(page.locator(`[data-test=language-${wanted}]`));
      assert.equal(await lang(), wanted, 'at the door');
    }
    await enter(page, by, HEAD);
    await page.goto(`${url}/kinds/visit?stage=planned`);
    await by.submit(page.locator(`[data-test=language-${other}]`));
    assert.deepEqual([await lang(), new URL(page.url()).search], [other, '?stage=planned'], 'the same page');
    assert.equal(await page.getAttribute(`[data-test=language-${other}]`, 'aria-pressed'), 'true');
    await page.goto(`${url}/team`);
    assert.equal(await lang(), other);
    const cookies = await page.context().cookies();
    await by.submit(page.locator('[data-test=sign-out]'));
    assert.match(page.url(), /sign-in/);
    // Not in this browser alone: the session itself is over.
    await page.context().addCookies(cookies);
    await page.goto(`${url}/kinds/visit`);
    assert.match(page.url(), /sign-in/);
    assert.deepEqual(page.problems, []);
  });
}
