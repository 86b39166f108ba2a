// A wallet of somebody else: forms, whole cents, numbers for ids and refusals, an HMAC in a header of its own beside the
// partner's key.  node form_wallet.mjs PORT [BUG]

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const KEY = Buffer.from("6b".repeat(32), "hex");
const PARTNER = "partner-7f3a";
const [port, bug = ""] = process.argv.slice(2);
const [BAD, SEAL, PLAYER, CURRENCY, MONEY, LATE, UNDONE, BET, DIFFERS] = [1, 2, 11, 12, 17, 21, 22, 31, 41];
const accounts = new Map(); // player -> { currency, cents }
const done = new Map(); // id -> { content, answer }
const stakes = new Map(); // id of a bet -> { player, cents, state }

class Refusal extends Error {
  constructor(status, code, cents) {
    super(String(code));
    Object.assign(this, { status, code, cents });
  }
}

function sealed(request, body) {
  const time = request.headers["x-time"] ?? "";
  const right = createHmac("sha1", KEY).update(`${time}\n${request.url}\n`).update(body).digest();
  const given = Buffer.from(request.headers["x-seal"] ?? "", "base64");
  const fits = given.length === right.length && timingSafeEqual(given, right);
  const fresh = /^\d{1,12}$/.test(time) && Math.abs(Date.now() / 1000 - Number(time)) <= 300;
  if (!fits || !fresh || request.headers["x-partner-key"] !== PARTNER) throw new Refusal(403, SEAL);
}

const told = (fields, name, form) => {
  const value = fields.get(name) ?? "";
  if (!form.test(value)) throw new Refusal(400, BAD);
  return value;
};
const paid = (account) => ({ ok: true, data: { credits: account.cents, cur: account.currency, ref: randomUUID() } });

function answer(verb, fields) {
  const player = told(fields, "player", /^.{1,64}$/su);
  const account = accounts.get(player);
  if (!account) throw new Refusal(404, PLAYER);
  if (told(fields, "cur", /^[A-Z]{3}$/) !== account.currency) throw new Refusal(409, CURRENCY);
  if (verb === "balance") return paid(account);

  const id = told(fields, "id", /^\d{1,20}$/);
  const bet = verb === "bet" ? id : told(fields, "bet", /^\d{1,20}$/);
  const cents = verb === "rollback" ? 0 : Number(told(fields, "cents", /^\d{1,16}$/));
  const content = [verb, player, cents, bet, told(fields, "round", /^\d{1,20}$/), fields.get("gift")].join(" ");
  const known = done.get(id);
  const stake = stakes.get(bet);
  if (known && !(bug === "pays a repeated win again" && verb === "win")) {
    if (known.content !== content) throw new Refusal(409, DIFFERS);
    if (verb === "bet" && stake.state === "undone") throw new Refusal(409, UNDONE);
    if (known.answer instanceof Refusal) throw known.answer;
    return known.answer;
  }
  if (stake && stake.player !== player) throw new Refusal(409, DIFFERS);
  if (verb === "bet") {
    if (stake) throw new Refusal(409, UNDONE);
    if (Number(told(fields, "until", /^\d{1,12}$/)) + 30 < Date.now() / 1000) throw new Refusal(409, LATE);
    const cost = fields.has("gift") ? 0 : cents;
    const short = cost > account.cents;
    stakes.set(id, { player, cents: short ? 0 : cost, state: short ? "refused" : "open" });
    if (short) {
      const refusal = new Refusal(402, MONEY, account.cents);
      done.set(id, { content, answer: refusal });
      throw refusal;
    }
    account.cents -= cost;
  } else if (verb === "win") {
    if (!stake) throw new Refusal(404, BET);
    if (stake.state !== "open" && stake.state !== "paid") throw new Refusal(409, DIFFERS);
    account.cents += cents;
    stake.state = "paid";
  } else {
    if (stake?.state === "paid") throw new Refusal(409, DIFFERS);
    account.cents += stake?.state === "open" ? stake.cents : 0;
    stakes.set(bet, { player, cents: 0, state: "undone" });
  }
  done.set(id, { content, answer: paid(account) });
  return done.get(id).answer;
}

function reply(request, body) {
  if (request.url === "/players") {
    const asked = JSON.parse(body);
    const player = `u${accounts.size + 1}`;
    accounts.set(player, { currency: asked.currency, cents: asked.balance });
    return { player_id: player };
  }
  sealed(request, body);
  const verb = /^\/purse\/(balance|bet|win|rollback)$/.exec(request.url)?.[1];
  if (!verb) throw new Refusal(404, BAD);
  return answer(verb, new URLSearchParams(body.toString("utf8")));
}

createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    let [status, members] = [200, null];
    try {
      members = reply(request, Buffer.concat(parts));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const data = error.cents === undefined ? {} : { credits: error.cents };
      [status, members] = [error.status, { ok: false, code: error.code, data }];
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(members));
  });
}).listen(Number(port), "127.0.0.1");
