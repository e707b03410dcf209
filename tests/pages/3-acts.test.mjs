// Acts that a supervisor states and work that they settle: with a mouse in English, with the keyboard alone in Chinese.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { hand, hands } from './hands.mjs';
import {
  close, create, open, operator, phone, signIn, sound, soundBoth, stage, texts, url, visitor,
} from './page.mjs';

before(open);
after(close);

const search = (words) => phone('li-na', 'search', words).rows[0].id;
const person = (name) => JSON.parse(operator('people')).find((one) => one.name === name).id;
const done = { en: /Done: /, 'zh-CN': /已完成：/ };

/** Visits that Li Na has planned for a day to come. */
function visits(many) {
  const day = new Date(Date.now() + 5 * 86400000).toISOString().slice(0, 10);
  const stores = phone('li-na', 'list', 'store').rows.slice(0, many).map((row) => row.id);
  const made = stores.map((store) => create('li-na', 'visit', `store=${store}`, `date=${day}`));
  phone('li-na', 'sync');
  return made;
}

for (const [locale, how] of hands) {
  const start = async (path) => {
    const page = await visitor(locale);
    await signIn(page);
    await page.goto(url + path);
    return [page, hand(page, how)];
  };

  test(`a visit goes to somebody else, who is told before what is unsent; what comes late is decided (${locale}, ${how})`, async () => {
    const [visit, kept] = visits(2);
    const [page, by] = await start(`/records/${visit}`);
    await by.press(page.locator('[data-offer=reassign] summary'));
    const moving = page.locator('#act-reassign [data-test=moving]');
    assert.match(await moving.innerText(), /李娜[\s\S]*Li Na's phone/);
    assert.match(await moving.innerText(), locale === 'en' ? /All sent[\s\S]*Handed-over work/ : /已全部发送[\s\S]*移交的内容/);
    await soundBoth(page, 'reassign');
    // It is said of everybody who would decide about what they have not sent.
    const zhang = await page.locator('#act-reassign option', { hasText: '张伟' }).textContent();
    assert.match(zhang, /王芳/);
    await by.choose(page.locator('#act-reassign select'), person('张伟'));
    // Meanwhile its author writes on: that comes late.
    phone('li-na', 'answer', visit, `notes=late ${how}`);
    phone('li-na', 'answer', kept, 'notes=in time');
    await by.submit(page.locator('#act-reassign [data-test=state]'));
    assert.match((await texts(page, 'said-now')).join(), done[locale]);
    assert.match(await page.locator('[data-test=owner]').innerText(), /张伟/);
    phone('li-na', 'sync');
    assert.equal(stage(visit, 'zhang-wei'), 'planned', 'it is on the other phone');

    await page.goto(`${url}/holding`);
    const work = page.locator('[data-test=work]', { hasText: `late ${how}` });
    await soundBoth(page, 'handed-over');
    if (how === 'mouse') await by.submit(work.locator('[data-test=accept]'));
    else {
      await by.type(work.locator('input[name=reason]'), '已由张伟重新填写');
      await by.submit(work.locator('[data-test=drop]'));
    }
    assert.equal(await page.locator('[data-test=work]', { hasText: `late ${how}` }).count(), 0);
    phone('zhang-wei', 'sync');
    const notes = phone('zhang-wei', 'show', visit).questions.find((q) => q.key === 'notes').value;
    assert.equal(notes || null, how === 'mouse' ? 'late mouse' : null);
    assert.deepEqual(page.problems, []);
  });

  test(`what was noted is assigned to somebody, who has it from then on (${locale}, ${how})`, async () => {
    const due = new Date(Date.now() + 9 * 86400000).toISOString().slice(0, 10);
    const task = create('li-na', 'task', `issue=换海报 ${how}`, `responsible=${person('张伟')}`, `due=${due}`);
    phone('li-na', 'sync');
    const [page, by] = await start(`/records/${task}`);
    await by.press(page.locator('[data-offer=assign] summary'));
    await page.locator('#act-assign [data-test=moving]').waitFor();
    await by.submit(page.locator('#act-assign [data-test=state]'));
    assert.match((await texts(page, 'said-now')).join(), done[locale]);
    assert.match(await page.locator('[data-test=owner]').innerText(), /张伟/);
    assert.equal(stage(task, 'zhang-wei'), 'open');
    assert.deepEqual(page.problems, []);
  });

  test(`what cannot be done yet says why and what to do first, and can be done then (${locale}, ${how})`, async () => {
    const client = create('li-na', 'client', `name=客户 ${how}`);
    const need = create('li-na', 'feedback', 'sort=need', `client=${client}`, `what=小包装 ${how}`);
    phone('li-na', 'act', need, 'report');
    phone('li-na', 'sync');
    const [page, by] = await start(`/records/${need}`);
    const no = page.locator('[data-test=offer-no]');
    assert.match(await no.innerText(), locale === 'en'
      ? /Resolve[\s\S]*Nothing was done yet[\s\S]*Follow it up first/ : /解决[\s\S]*还没有跟进记录[\s\S]*请先记录跟进/);
    assert.equal(await page.locator('[data-offer=resolve]').count(), 0, 'it has no button');
    await soundBoth(page, 'not-yet');
    await by.press(page.locator('[data-offer=follow_up] summary'));
    await by.type(page.locator('#act-follow_up textarea'), '已问过工厂');
    await by.submit(page.locator('#act-follow_up [data-test=state]'));
    assert.equal(await no.count(), 0);
    await by.press(page.locator('[data-offer=resolve] summary'));
    await by.type(page.locator('#act-resolve textarea'), '下月有小包装');
    await by.submit(page.locator('#act-resolve [data-test=state]'));
    assert.equal(stage(need), 'resolved');
    assert.deepEqual(page.problems, []);
  });

  test(`an act by a clock that was set is looked at and noted as checked (${locale}, ${how})`, async () => {
    const noted = create('li-na', 'feedback', 'sort=suggestion', `what=时钟 ${how}`);
    const args = ['--dir', `${process.env.ROUNDS_PHONES}/li-na`, 'act', noted, 'report'];
    execFileSync(process.env.ROUNDS_DEVICE, args, { env: { ...process.env, LD_PRELOAD: process.env.ROUNDS_AHEAD } });
    phone('li-na', 'sync');
    const [page, by] = await start('/exceptions?sort=suspect');
    const row = page.locator('[data-test=exception][data-sort=suspect]', { hasText: `时钟 ${how}` });
    await soundBoth(page, 'suspect');
    await by.type(row.locator('input[name=note]'), '换了新手机');
    await by.submit(row.locator('[data-test=check]'));
    assert.match((await texts(page, 'said-now')).join(), locale === 'en' ? /Noted as checked/ : /已记为核实/);
    assert.equal(await row.count(), 0);
    await page.goto(`${url}/team/log`);
    assert.match((await texts(page, 'noted')).join('\n'), /换了新手机/);
    assert.deepEqual(page.problems, []);
  });

  test(`all that match go to somebody else at once, more than a page has (${locale}, ${how})`, async () => {
    const store = search('中山广场');
    const word = { mouse: 'spring round', keys: 'autumn round' }[how];
    const day = new Date(Date.now() + 20 * 86400000).toISOString().slice(0, 10);
    const rows = `store,date,purpose\n${`${store},${day},${word}\n`.repeat(51)}`;
    const file = `${process.env.ROUNDS_SCRATCH}/${how}.csv`;
    writeFileSync(file, rows);
    phone('li-na', 'batch', 'create', 'visit', '--rows', file);
    phone('li-na', 'sync');
    create('li-na', 'visit', `store=${store}`, `date=${day}`);
    const [page, by] = await start(`/kinds/visit?stage=planned&q=${encodeURIComponent(word)}`);
    assert.equal(await page.locator('[data-test=record]').count(), 50);
    await by.tick(page.locator('[data-test=pick-whole]'));
    assert.match(await page.locator('[data-picked]').innerText(), /51/);
    await soundBoth(page, 'all-that-match');
    await by.choose(page.locator('[data-test=bulk-act]'), 'reassign');
    await by.submit(page.locator('[data-test=bulk-go]'));
    assert.equal(await page.locator('[data-test=bulk-row]').count(), 51);
    const block = page.locator('[data-test=moving-owner]');
    assert.equal(await block.count(), 1);
    assert.match(await block.innerText(), /李娜[\s\S]*51[\s\S]*Li Na's phone/);
    assert.match(await page.locator('[data-test=moving-late]').innerText(), locale === 'en' ? /Handed-over work/ : /移交的内容/);
    await soundBoth(page, 'moving-many');
    // One of them stays.
    await by.press(page.locator('[data-test=bulk-row] input').first());
    await by.choose(page.locator('.bulk select'), person('张伟'));
    await by.submit(page.locator('[data-test=bulk-do]'));
    assert.match((await texts(page, 'bulk-count')).join(), locale === 'en' ? /50 of 50/ : /50 条中已确认 50 条/);
    await by.submit(page.locator('[data-test=bulk-back]'));
    assert.equal(await page.locator('[data-test=record]', { hasText: '张伟' }).count()
      + await page.locator('[data-test=record]', { hasText: '李娜' }).count(), 50);
    await page.goto(`${url}/kinds/visit?q=${encodeURIComponent(word)}&owner=${person('李娜')}`);
    assert.equal(await page.locator('[data-test=record]').count(), 1, 'the one that was left out');
    assert.deepEqual(page.problems, []);
  });
}

test('a photo wall shows what its filters leave, and an application its tabs', async () => {
  for (const [locale, how] of hands) {
    const page = await visitor(locale);
    const by = hand(page, how);
    await signIn(page);
    await page.goto(`${url}/kinds/audit/photos`);
    const photos = page.locator('[data-test=photo]');
    const all = await photos.count();
    assert.ok(all >= 1);
    await by.choose(page.locator('#owner'), person('张伟'));
    await page.waitForSelector('[data-test=no-photos]');
    assert.match(page.url(), /owner=/);
    await by.choose(page.locator('#owner'), person('李娜'));
    await page.waitForFunction((all) => document.querySelectorAll('[data-test=photo]').length === all, all);
    await by.type(page.locator('#q'), 'nothing-of-that-name');
    await page.waitForSelector('[data-test=no-photos]');
    await by.type(page.locator('#q'), '');
    await page.keyboard.press('Backspace');
    await page.waitForFunction((all) => document.querySelectorAll('[data-test=photo]').length === all, all);

    const [application] = phone('li-na', 'list', 'application').rows;
    await page.goto(`${url}/records/${application.id}`);
    const keys = () => page.locator('[data-test=answer]').evaluateAll((all) => all.map((one) => one.dataset.key));
    const whole = await keys();
    const tab = page.locator('[data-test=tabs] a', { hasText: locale === 'en' ? 'Choose a service' : '选择服务' });
    await by.submit(tab);
    assert.equal(await tab.getAttribute('aria-current'), 'page');
    assert.deepEqual(await keys(), whole.filter((key) => ['policy', 'item'].includes(key)));
    assert.ok(whole.length > 2);
    await sound(page, `tabs-${locale}`);
    assert.deepEqual(page.problems, []);
  }
});
