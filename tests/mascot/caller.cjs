// An operator's server as somebody else would write it: jayson, signing as the API says.
// node caller.cjs URL SUBJECT KEY_ID KEY; a line {method, params} on stdin gives a line {error, result} on stdout.
const crypto = require("node:crypto");
const path = require("node:path");
const readline = require("node:readline");
const jayson = require(path.join(__dirname, "../../web/node_modules/jayson"));

const [url, subject, keyId, key] = process.argv.slice(2);

function signed(body) {
  const nonce = crypto.randomBytes(8).readBigUInt64BE();
  const timestamp = Math.floor(Date.now() / 1000);
  const head = Buffer.alloc(12);
  head.writeBigUInt64BE(nonce, 0);
  head.writeUInt32BE(timestamp, 8);
  const digest = crypto.createHmac("sha256", key).update(head).update(body).digest("hex");
  return {
    "X-Subject": subject,
    "X-Nonce": String(nonce),
    "X-Timestamp": String(timestamp),
    "X-Signature": `${keyId}=${digest}`,
  };
}

// jayson asks for its bytes through the transport, which is where a signature belongs.
const client = new jayson.client.browser(async (body, callback) => {
  try {
    const headers = { "Content-Type": "application/json", ...signed(body) };
    const answer = await fetch(url, { method: "POST", body, headers });
    callback(null, await answer.text());
  } catch (error) {
    callback(error);
  }
}, {});

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { method, params } = JSON.parse(line);
  client.request(method, params, (failure, error, result) => {
    console.log(JSON.stringify({ error: failure ? { message: String(failure) } : error, result }));
  });
});
