// What the office does: people, devices, passwords, templates; head office beside a supervisor.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { close, create, login, open, operator, phone, signIn, sound, soundBoth, texts, url, visitor } from './page.mjs';

before(open);
after(close);

const submit = (page, what) => Promise.all([page.waitForEvent('load'), what.click()]);

/** Signs in by the keyboard alone: the door's first field has the focus when it opens. */
async function enter(page, name, password) {
  await page.goto(`${url}/sign-in`);
  // A page that has loaded gives its first field the focus when it is drawn, which may be later.
  await page.waitForFunction(() => document.activeElement?.matches('input[name=name]'));
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}
const passwordOf = (name) => JSON.parse(operator('password', '--person', name)).password;

test('a workbook is uploaded, looked at, compared, published, and a phone has it after its next sync', async () => {
  const page = await visitor('en');
  await signIn(page);
  const upload = async (file) => {
    await page.goto(`${url}/templates`);
    await page.setInputFiles('[data-test=upload] input[type=file]', file);
    await page.selectOption('[data-test=upload] select[name=kind]', 'audit');
    await submit(page, page.locator('[data-test=upload-go]'));
  };
  await upload({ name: 'form.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('no workbook') });
  assert.match((await texts(page, 'problem')).concat(await texts(page, 'problems')).join(), /\S/, 'what is wrong is said');
  assert.equal(await page.locator('[data-test=go]').count(), 0);
  await upload(process.env.ROUNDS_NEW_FORM);
  assert.match((await texts(page, 'changes')).join(), /Is there a cooler\?/, 'compared with what is published');
  assert.match((await texts(page, 'preview')).join(), /In a conspicuous place/, 'the form itself');
  await soundBoth(page, 'template-compared');
  await submit(page, page.locator('[data-test=go]'));
  assert.match((await texts(page, 'said-now')).join(), /Published: shelf-audit, version 5/);
  phone('zhang-wei', 'sync');
  const audit = create('zhang-wei', 'audit', `_store=${phone('zhang-wei', 'search', '中山广场').rows[0].id}`);
  assert.ok(phone('zhang-wei', 'show', audit).questions.some((q) => q.label === 'Is there a cooler?'));
  assert.deepEqual(page.problems, []);
});

test('head office makes a second supervisor, who gets a rep with a warning about what is unsent; all of it is noted', async () => {
  // Something is unsent on 张伟's phone.
  create('zhang-wei', 'visit', `store=${phone('zhang-wei', 'search', '中山广场').rows[0].id}`, `date=${phone('zhang-wei', 'today').day}`);
  const head = await visitor('en');
  await enter(head, 'Rounds', passwordOf('Rounds'));
  await head.goto(`${url}/team`);
  await head.fill('#invite-name', '周敏');
  await head.selectOption('#invite-role', 'supervisor');
  await submit(head, head.locator('[data-test=invite-go]'));
  await head.waitForSelector('[data-test=qr]');
  await soundBoth(head, 'invitation-of-a-supervisor');
  await head.goto(`${url}/team`);
  await sound(head, 'team-head-office-en');
  await submit(head, head.locator('[data-test=person] a', { hasText: '周敏' }));
  await submit(head, head.locator('[data-test=password]'));
  const password = (await texts(head, 'code'))[0].trim();

  // The new supervisor leads nobody, and sees nobody's work.
  const zhou = await visitor('zh-CN');
  await enter(zhou, '周敏', password);
  assert.equal(await zhou.locator('[data-test=rep]').count(), 0);
  await zhou.goto(`${url}/kinds/visit`);
  assert.equal(await zhou.locator('[data-test=record]').count(), 0);

  const boss = await visitor('en');
  await signIn(boss);
  await boss.goto(`${url}/team`);
  await submit(boss, boss.locator('[data-test=person] a', { hasText: '张伟' }));
  const person = boss.url();
  await boss.waitForSelector('[data-test=device]');
  await soundBoth(boss, 'person-with-unsent');
  // She holds no area herself, so she has none to grant; head office has.
  assert.equal(await boss.locator('[data-test=grant]').count(), 0);
  await boss.waitForSelector('[data-test=no-areas]');
  await head.goto(person);
  await head.fill('#area', '西岗区');
  await submit(head, head.locator('[data-test=grant]'));
  await boss.goto(person);
  assert.match(await boss.locator('h1 + .sub').innerText(), /西岗区/);
  await submit(boss, boss.locator('[data-test=give]'));
  assert.equal((await boss.goto(person)).status(), 404, 'the rep is somebody else\'s now');
  phone('zhang-wei', 'sync');
  await zhou.goto(url);
  assert.equal(await zhou.locator('[data-test=rep]').count(), 1);
  await zhou.goto(`${url}/kinds/visit`);
  assert.ok(await zhou.locator('[data-test=record]').count() >= 2, 'what was unsent has come too');
  await sound(zhou, 'visits-of-the-new-supervisor-zh-CN');

  await zhou.goto(`${url}/team`);
  await submit(zhou, zhou.locator('[data-test=person] a', { hasText: '张伟' }));
  await zhou.locator('[data-test=device] summary').click();
  await submit(zhou, zhou.locator('[data-test=revoke-device]'));
  phone('zhang-wei', 'sync');
  assert.equal(phone('zhang-wei', 'status').state, 'signed_out');
  await head.goto(`${url}/team/log`);
  const log = (await texts(head, 'noted')).join('\n');
  for (const line of [/周敏 was invited as Supervisor/, /周敏 got a new password/, /张伟 was granted the area 西岗区/,
    /张伟 went from 王芳 to 周敏/, /Zhang Wei's phone.* of 张伟 lost its access/]) assert.match(log, line);
  await sound(head, 'log-head-office-en');
  assert.deepEqual([...head.problems, ...zhou.problems, ...boss.problems.filter((p) => !p.includes('404'))], []);
});

test('a password of one\'s own is changed with the present one, and every session of before is over', async () => {
  const page = await visitor('en');
  const old = passwordOf('周敏');
  await enter(page, '周敏', old);
  await page.goto(`${url}/team`);
  await submit(page, page.locator('[data-test=person] a', { hasText: '周敏' }));
  const change = async (present, next) => {
    await page.fill('#old', present);
    await page.fill('#new', next);
    await submit(page, page.locator('[data-test=own-password]'));
  };
  await change('not the present one', 'a long new password');
  assert.match(await page.locator('main').innerText(), /not right/);
  await page.goBack();
  await change(old, 'a long new password');
  assert.match(page.url(), /sign-in/);
  await enter(page, '周敏', 'a long new password');
  assert.equal(new URL(page.url()).pathname, '/');
  page.problems = page.problems.filter((p) => !p.includes('409'));
  assert.deepEqual(page.problems, []);
});

test('every report of the packs has its page, with a chart where there is something to show', async () => {
  const page = await visitor('en');
  await signIn(page);
  await page.goto(`${url}/reports`);
  const links = await page.locator('[data-test=report] a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  assert.deepEqual(links.sort(), ['/reports/audit/scores', '/reports/family/attendance', '/reports/sku_check/distribution',
    '/reports/sku_check/prices', '/reports/visit/coverage', '/reports/week_plan/goal_sheet'].sort());
  for (const link of links) {
    assert.equal((await page.goto(url + link)).status(), 200);
    await sound(page, `report-${link.split('/').slice(2).join('-')}-en`);
  }
  await page.goto(`${url}/reports/audit/scores`);
  await page.waitForSelector('[data-test=report-table]');
  assert.ok(await page.locator('.chart .bar').count() >= 1);
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual(page.problems, []);
});

test('BI tools read a view for each kind from a file of the operator', async () => {
  const file = `${process.env.ROUNDS_SCRATCH}/views.db`;
  operator('views', file);
  const bytes = readFileSync(file);
  assert.equal(bytes.subarray(0, 15).toString(), 'SQLite format 3');
  assert.ok(login.name);
});
