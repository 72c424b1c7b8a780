// Points in time: seconds since 1970, shown in UTC as the sensor's reports are.

const kMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (number) => String(number).padStart(2, "0");

export function time_of_day(seconds) {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

// 2023-11-15 09:00:48
export function date_and_time(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

// For <input type="datetime-local">, and back.
export function input_text(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}
export function time_from(input) {
  return Date.parse(input + "Z") / 1000;
}

// At the foot of a chart that covers `span` seconds.
export function tick_text(milliseconds, span) {
  const date = new Date(milliseconds);
  const midnight = date.getUTCHours() === 0 && date.getUTCMinutes() === 0 && date.getUTCSeconds() === 0;
  if (midnight && span > 200 * 86400) return `${kMonths[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  if (midnight) return `${date.getUTCDate()} ${kMonths[date.getUTCMonth()]}`;
  const hours_minutes = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return span <= 600 ? `${hours_minutes}:${two(date.getUTCSeconds())}` : hours_minutes;
}

// The steps that the sensor keeps, each with how far back it reaches at least.
const kSteps = [
  {seconds: 1, name: "1s", reach: 3600, words: "by the second", each: "a second"},
  {seconds: 60, name: "1m", reach: 7 * 86400, words: "by the minute", each: "a minute"},
  {seconds: 3600, name: "1h", reach: 366 * 86400, words: "by the hour", each: "a hour"},
  {seconds: 86400, name: "1d", reach: Infinity, words: "by the day", each: "a day"},
];
const kMostPoints = [3600, 2880, 1500, Infinity];

// The finest that covers from..to and is not too much to draw.
export function step_for(from, to, newest, reach) {
  const covers = (step) => newest - from <= (reach[step.name] ?? step.reach);
  return kSteps.find((step, i) => covers(step) && (to - from) / step.seconds <= kMostPoints[i]) ?? kSteps[3];
}
