// Which time the charts show: chosen, zoomed into, or following the newest second.
import {announce, by_id, element} from "./elements.js";
import {duration} from "./numbers.js";
import {date_and_time, input_text, step_for, time_from, time_of_day} from "./times.js";

const kSpans = [
  ["1 min", 60], ["15 min", 900], ["1 h", 3600], ["6 h", 6 * 3600], ["1 day", 86400], ["1 week", 7 * 86400],
  ["30 days", 30 * 86400], ["1 year", 366 * 86400], ["All", Infinity],
];
const kShortest = 5;  // seconds
const kShortestLive = 30;
const kMostBack = 20;

export class Range {
  // on_change() when another time is to be shown.
  constructor(on_change) {
    this.on_change = on_change;
    this.first = 0;   // of what was counted
    this.reach = {};  // how many seconds back each step goes
    this.newest = 0;  // the second after the newest complete one
    this.span = 900;
    this.fixed = null;  // [from, to]; null: follows
    this.past = [];
    this.#make_spans();
    by_id("earlier").addEventListener("click", () => this.#shift(-0.5));
    by_id("later").addEventListener("click", () => this.#shift(0.5));
    by_id("follow").addEventListener("click", () => this.show(null));
    by_id("back").addEventListener("click", () => this.back());
    by_id("between").addEventListener("submit", (event) => this.#take_typed(event));
  }

  get from() {
    return this.fixed ? this.fixed[0] : Math.max(this.to - this.span, Math.min(this.first, this.to - kShortestLive));
  }
  get to() {
    return this.fixed ? this.fixed[1] : this.newest;
  }
  get step() {
    return step_for(this.from, this.to, this.newest, this.reach);
  }
  get follows() {
    return this.fixed === null;
  }

  // `first`: before it there is nothing to show.
  follow(first, newest) {
    this.first = first;
    this.newest = newest;
    if (this.follows) this.#say();
  }

  use_span(seconds) {
    this.span = seconds;
    this.show(null);
  }

  // [from, to] in seconds since 1970, null: the newest.
  show(fixed) {
    this.past.push({fixed: this.fixed, span: this.span});
    if (this.past.length > kMostBack) this.past.shift();
    this.#set(fixed && [Math.floor(fixed[0]), Math.max(Math.ceil(fixed[1]), Math.floor(fixed[0]) + kShortest)]);
  }

  zoom(factor, middle) {
    const half = (this.to - this.from) * factor / 2;
    this.show([middle - half, middle + half]);
  }

  back() {
    const last = this.past.pop();
    if (!last) return;
    this.span = last.span;
    this.#set(last.fixed);
  }

  #set(fixed) {
    this.fixed = fixed;
    this.#say();
    announce(by_id("shown").textContent);
    this.on_change();
  }

  #shift(part) {
    const by = (this.to - this.from) * part;
    this.show([this.from + by, this.to + by]);
  }

  #take_typed(event) {
    event.preventDefault();
    const from = time_from(by_id("from").value);
    const to = time_from(by_id("to").value);
    by_id("between-wrong").textContent = from < to ? "" : "The end must be after the beginning.";
    if (from < to) this.show([from, to]);
  }

  #make_spans() {
    for (const [words, seconds] of kSpans) {
      const input = element("input", {type: "radio", name: "span", value: seconds, onclick: () => this.use_span(seconds)});
      by_id("spans").append(element("label", {}, input, element("span", {}, words)));
    }
  }

  #say() {
    for (const input of by_id("spans").querySelectorAll("input"))
      input.checked = this.follows && Number(input.value) === this.span;
    by_id("follow").setAttribute("aria-pressed", String(this.follows));
    by_id("back").disabled = this.past.length === 0;
    if (this.newest === 0) return;
    const same_day = date_and_time(this.from).slice(0, 10) === date_and_time(this.to).slice(0, 10);
    const end = same_day ? time_of_day(this.to) : date_and_time(this.to);
    by_id("shown").textContent =
        `${date_and_time(this.from)} to ${end} UTC, ${duration(this.to - this.from)}, ${this.step.words}`;
    if (!by_id("between").contains(document.activeElement)) {
      by_id("from").value = input_text(this.from);
      by_id("to").value = input_text(this.to);
    }
  }
}
