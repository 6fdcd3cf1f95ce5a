// The receipt code, made by the rules of `survey.receipts`, and the stamp over it: a counter that cost some work.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS = 24;
const BATCH = 64;

const double = (value) => (value > 15 ? (value << 1) ^ 0b100101 : value << 1);
const sumOf = (symbols) => [...symbols].reduce((sum, symbol) => double(sum) ^ ALPHABET.indexOf(symbol), 0);

// 32 divides 256, so that every symbol is equally likely.
function makeCode() {
  const bytes = crypto.getRandomValues(new Uint8Array(SYMBOLS));
  const symbols = [...bytes].map((byte) => ALPHABET[byte % 32]).join("");
  return symbols + ALPHABET[double(sumOf(symbols))];
}

const bare = (code) => code.toUpperCase().replace(/[^0-9A-Z]/g, "");
const grouped = (code) => code.match(/.{5}/g).join("-");
const isCode = (code) => code.length === SYMBOLS + 1 && [...code].every((sign) => ALPHABET.includes(sign)) && !sumOf(code);

function leadingZeros(bytes) {
  const place = bytes.findIndex((byte) => byte);
  return place < 0 ? 8 * bytes.length : 8 * place + Math.clz32(bytes[place]) - 24;
}

async function hasZeros(text, bits) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return leadingZeros(new Uint8Array(digest)) >= bits;
}

// A moment in which the browser has nothing better to do; not every browser can tell.
function idle() {
  if (!window.requestIdleCallback) return new Promise((go) => setTimeout(go, 30, { timeRemaining: () => 8 }));
  return new Promise((go) => requestIdleCallback(go, { timeout: 500 }));
}

// The first counter from `from` on whose hash begins with so many zero bits. `isWanted` is asked between batches:
// 0 ends the search, 1 lets it take idle moments only, 2 makes haste.
async function findStamp(wave, code, bits, from, isWanted) {
  for (let start = from; isWanted(); ) {
    const moment = isWanted() > 1 ? { timeRemaining: () => 0 } : await idle();
    do {
      const counters = Array.from({ length: BATCH }, (_, step) => start + step);
      const hits = await Promise.all(counters.map((counter) => hasZeros(`${wave}:${code}:${counter}`, bits)));
      if (hits.includes(true)) return start + hits.indexOf(true);
      start += BATCH;
    } while (moment.timeRemaining() > 5);
  }
  return null;
}
