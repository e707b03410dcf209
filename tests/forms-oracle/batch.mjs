// Jobs on standard input, one JSON object a line ({"id", "xml", "steps", "media"}); results likewise.
// The zone and the clock are those of the environment: TZ, ROUNDS_NOW.
import { createInterface } from 'node:readline';

console.log = console.info = console.debug = (...a) => console.error(...a);
const { runJob } = await import('./engine.mjs');

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
	if (line.trim() === '') continue;
	const { id, media, ...job } = JSON.parse(line);
	let result;
	try {
		result = await runJob({ now: process.env.ROUNDS_NOW, seed: 1, missing: 'blank', ...job, mediaDir: media ?? null });
	} catch (e) {
		result = { error: String(e.message ?? e), stage: 'job' };
	}
	process.stdout.write(JSON.stringify({ id, ...result }) + '\n');
}
