// tus-js-client, as it comes from npm, uploads in parts, breaks off, and resumes.
import assert from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import * as tus from 'tus-js-client';

const at = JSON.parse(process.env.ROUNDS_TUS);
const headers = { Authorization: `Bearer ${at.token}` };
const content = randomBytes(3_000_000);
const sha256 = createHash('sha256').update(content).digest('hex');

const run = (more, until) =>
  new Promise((resolve, reject) => {
    const upload = new tus.Upload(content, {
      endpoint: `${at.url}/v1/blobs`,
      headers,
      metadata: { filename: 'shelf.jpg', sha256, doc: at.doc },
      chunkSize: 1_000_000,
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve(upload),
      onChunkComplete: (_, sent) => {
        if (sent >= until) upload.abort().then(() => resolve(upload), reject);
      },
      ...more,
    });
    upload.start();
  });

const broken = await run({}, 1_000_000);
let from;
const done = await run({ uploadUrl: broken.url, onProgress: (sent) => (from ??= sent) }, Infinity);
assert.equal(done.url, broken.url);
assert.ok(from >= 1_000_000, `it began again at ${from}`);
const answer = await fetch(`${at.url}/v1/blobs/${sha256}`, { headers });
assert.ok(content.equals(Buffer.from(await answer.arrayBuffer())));
console.log('# pass 1');
