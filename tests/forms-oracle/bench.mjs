// bench.mjs FORM.xml MEDIA PATHS.json: milliseconds of ODK's engine, as JSON.
// PATHS: {"answers": [[path, value], ..], "adds": REPEAT or null, "grow": n, "inside": [name, values..]}
import { readFileSync } from 'node:fs';
const { openForm, applyStep, find } = await import('./engine.mjs');
const [form, media, plan] = process.argv.slice(2);
const xml = readFileSync(form, 'utf8');
const { answers = [], adds = null, grow = 0, inside = null, choices = null, count = null } = JSON.parse(readFileSync(plan, 'utf8'));
const options = { mediaDir: media === '-' ? null : media, missing: 'blank' };
const timed = async (work) => {
	const start = performance.now();
	const result = await work();
	return [performance.now() - start, result];
};
const p95 = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? null;
const loads = [];
let root;
for (let i = 0; i < 3; i++) {
	const [ms, opened] = await timed(() => openForm(xml, options));
	loads.push(ms);
	root = opened.root;
}
const out = { load: Math.min(...loads.slice(1)) };
const run = async (list) => {
	const times = [];
	for (const [path, value] of list) {
		const [ms] = await timed(() => applyStep(root, { set: path, value }));
		times.push(ms);
	}
	return times;
};
if (answers.length) out.answer = p95(await run(answers));
if (adds) {
	const [ms] = await timed(() => applyStep(root, { add: adds, count: grow - 1 }));
	out.add = ms / grow;
	const list = Array.from({ length: 60 }, (_, n) => [`${adds}[${1 + Math.floor((n * grow) / 60)}]/${inside}`, String(n)]);
	out.inside = p95(await run(list));
}
if (count) {
	const [ms] = await timed(() => applyStep(root, { set: count.question, value: count.value }));
	out.counted = ms / Number(count.value);
}
if (choices) {
	const times = [];
	for (const value of choices.values) {
		const [ms] = await timed(async () => {
			await applyStep(root, { set: choices.driver, value });
			return find(root, choices.select).currentState.valueOptions.length;
		});
		times.push(ms);
	}
	out.filter = p95(times);
}
console.log(JSON.stringify(out));
