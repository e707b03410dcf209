// CouchDB's replication protocol over HTTP, kept in LevelDB: pouch-server.mjs FOLDER

import PouchDB from 'pouchdb';
import express from 'express';
import expressPouch from 'express-pouchdb';
import http from 'node:http';

const folder = process.argv[2];
const Kept = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
app.use('/', expressPouch(Kept, {
  mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log.txt`,
}));
const server = http.createServer(app);
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, pid: process.pid }));
});
process.stdin.resume().on('end', () => process.exit(0));
