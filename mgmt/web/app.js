// The dashboard: asks the sensor, and shows what it says.
import {by_id, element} from "./elements.js";
import {Findings} from "./findings.js";
import {Hosts} from "./hosts.js";
import {redraw_all} from "./line_chart.js";
import {Mail} from "./mail.js";
import {Network} from "./network.js";
import {Now} from "./now.js";
import {duration} from "./numbers.js";
import {Pairing} from "./pairing.js";
import {Range} from "./range.js";
import {NoAnswer, Refused, all_that_can, ask, listen, use_token} from "./sensor.js";
import {start_theme} from "./theme.js";
import {date_and_time, time_of_day} from "./times.js";
import {Tops} from "./tops.js";

const kStatusEvery = 2000;    // ms; likewise the next
const kTopsEvery = 5000;
const kFindingsEvery = 30000; // beside what the stream says
const kShortCapture = 3600;   // seconds; a capture that is over and no longer is shown whole

const range = new Range(() => refresh_charts());
const findings = new Findings(range, () => refresh_charts());
const now = new Now();
const hosts = new Hosts(range, findings);
const panels = [hosts, new Mail(range, findings), new Pairing(range, findings), new Network(range, findings)];
const tops = new Tops();

let status = null;
let heard = null;  // when the sensor last said something, wall clock

function show_health() {
  const health = by_id("health");
  const problems = status.problems;
  health.dataset.state = problems.length > 0 ? "bad" : status.capturing ? "good" : "ended";
  by_id("health-text").textContent = problems.length > 1 ? `${problems.length} problems` : problems.length === 1 ? "1 problem"
      : !status.capturing ? "capture ended" : status.learning ? "sensor healthy, learning" : "sensor healthy";
  by_id("problems").replaceChildren(...problems.map((problem) => element("li", {}, problem)));
  by_id("problems").hidden = problems.length === 0;
  by_id("clock").textContent = status.second === null ? "no second is complete yet" : `${date_and_time(status.second)} UTC`;
  by_id("about").textContent = `tapline ${status.version}, up ${duration(status.uptime)}`;
}

async function refresh_status() {
  const before = status;
  status = await ask("status");
  if (before && before.started !== status.started) location.reload();  // another run, which begins anew
  hear();
  show_health();
  if (status.second !== null) range.follow(status.counted_since ?? status.started, status.second + 1);
  range.reach = status.reach;
  hosts.watch(status.watched);
  if (!before) await show_first();
  if (status.capturing && status.second !== null) now.take_second(status.second, status.last);
  now.show(status);
}

async function show_first() {
  await now.start();
  await Promise.all([findings.refresh(), hosts.choose_busiest()]);
  if (!status.capturing && range.newest - range.first <= kShortCapture) range.span = Infinity;
  if (status.second !== null) range.follow(range.first, range.newest);
  await Promise.all([refresh_charts(), tops.refresh()]);
  document.body.dataset.ready = "true";
}

// One at a time; what changes meanwhile is asked for once more.
let charts_asked = false;
let charts_running = null;
function refresh_charts() {
  charts_asked = true;
  charts_running ??= ask_for_charts().finally(() => charts_running = null);
  return charts_running;
}
async function ask_for_charts() {
  while (charts_asked) {
    charts_asked = false;
    await attempt(() => all_that_can(panels.map((panel) => panel.refresh())));
  }
}

function hear() {
  heard = Date.now() / 1000;
  by_id("gone").hidden = true;
  document.body.classList.remove("stale");
}

function fall_silent(why) {
  by_id("gone").textContent = `${why} ` +
      (heard ? `What is shown is from ${time_of_day(heard)} UTC. ` : "") + "Asking again…";
  by_id("gone").hidden = false;
  by_id("health").dataset.state = "bad";
  by_id("health-text").textContent = "no answer";
  document.body.classList.add("stale");
}

// Whether the answer was there. A token that is missing is asked for.
async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
    if (error.status === 401) by_id("token-form").hidden = false;
    else fall_silent(error instanceof Refused ? `The sensor refuses: ${error.message}.` : "The sensor does not answer.");
    return false;
  }
}

// A while; longer where a token is to be entered first.
async function until_asked() {
  do await new Promise((done) => setTimeout(done, kStatusEvery));
  while (!by_id("token-form").hidden);
}

// `action` each time so much has passed since it ended, while somebody looks.
async function repeat(action, milliseconds) {
  for (;;) {
    if (!document.hidden) await attempt(action);
    const wait = typeof milliseconds === "function" ? milliseconds() : milliseconds;
    await new Promise((done) => setTimeout(done, wait));
  }
}

async function take_event(kind, data) {
  if (kind === "finding") findings.take(data);
  if (kind !== "second") return;
  now.take_second(data.second, data.counts);
  status.second = data.second;
  range.follow(range.first || status.started, data.second + 1);
  by_id("clock").textContent = `${date_and_time(data.second)} UTC`;
  now.show(status);
}

by_id("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  use_token(by_id("token").value);
  by_id("token-form").hidden = true;  // until it is asked for again
});

start_theme(redraw_all);
while (!await attempt(refresh_status)) await until_asked();
listen((kind, data) => take_event(kind, data), hear,
       () => attempt(refresh_status));
repeat(async () => { if (status.capturing && range.follows) await refresh_charts(); },
       () => Math.min(2000 * range.step.seconds, 20000));
repeat(() => tops.refresh(), kTopsEvery);
repeat(() => findings.refresh(), kFindingsEvery);
for (;;) {
  await until_asked();
  if (!document.hidden) await attempt(refresh_status);
}
