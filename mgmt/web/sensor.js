// The sensor's API: questions, and what happens as it happens.

const kTokenKey = "tapline-token";
const kSilence = 6000;  // ms; the stream says something each second
const kRetry = 1500;    // ms

let token = sessionStorage.getItem(kTokenKey) ?? "";

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

// Nobody was there, or it was no sensor.
export class NoAnswer extends Error {}

export function use_token(text) {
  token = text;
  sessionStorage.setItem(kTokenKey, text);
}

function headers() {
  return token ? {Authorization: `Bearer ${token}`} : {};
}

// The JSON of /api/v1/PATH. Throws Refused with the sensor's sentence, or NoAnswer.
export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const [response, answer] = await json_from(`/api/v1/${path}${query ? "?" + query : ""}`);
  if (!response.ok) throw new Refused(response.status, answer.error?.message ?? "refused without a reason");
  return answer;
}

async function json_from(address) {
  try {
    const response = await fetch(address, {headers: headers()});
    return [response, await response.json()];
  } catch (error) {
    throw new NoAnswer(error.message);
  }
}

// All of them, even if the sensor refuses some: a host that it no longer watches is no reason not to show the others.
export async function all_that_can(questions) {
  const outcomes = await Promise.allSettled(questions);
  const failure = outcomes.find(({reason}) => reason && !(reason instanceof Refused && reason.status === 404));
  if (failure) throw failure.reason;
}

// Calls on_event(kind, data) for each, on_sign() whenever the sensor says anything, on_silence() when it stopped; for
// ever. An EventSource cannot send a token.
export async function listen(on_event, on_sign, on_silence) {
  for (;;) {
    try {
      await read_stream(on_event, on_sign);
    } catch {
      // It ended or never was: on_silence() asks what is wrong.
    }
    on_silence();
    await new Promise((done) => setTimeout(done, kRetry));
  }
}

async function read_stream(on_event, on_sign) {
  const ending = new AbortController();
  let watch = setTimeout(() => ending.abort(), kSilence);
  try {
    const response = await fetch("/api/v1/events", {headers: headers(), signal: ending.signal});
    if (!response.ok) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      clearTimeout(watch);
      watch = setTimeout(() => ending.abort(), kSilence);
      on_sign();
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) dispatch(block, on_event);
    }
  } finally {
    clearTimeout(watch);
  }
}

// HTML standard, section 9.2.6; the sensor writes each event's data in one line.
function dispatch(block, on_event) {
  const fields = Object.fromEntries(block.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  }));
  if (fields.event && fields.data) on_event(fields.event, JSON.parse(fields.data));
}
