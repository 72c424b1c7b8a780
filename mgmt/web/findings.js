// What the detectors found: open first, with the figures behind it and what to do.
import {announce, by_id, element} from "./elements.js";
import {duration, percent, precise} from "./numbers.js";
import {ask} from "./sensor.js";
import {date_and_time} from "./times.js";

const kAsked = 200;
const kAround = 0.6;          // of a finding's length, shown before and after it
const kLeastAround = 30;      // seconds

function title_of(finding) {
  const words = words_of(finding.detector);
  return words[0].toUpperCase() + words.slice(1);
}

// The words of a name such as nxdomain_burst.
function words_of(name) {
  return name.replaceAll("_", " ").replace("r squared", "R²").replace(/\b(nxdomain|ptr|smtp|mx|mee)\b/g, (word) => word.toUpperCase());
}

function host_of(finding) {
  return finding.name ? `${finding.name} (${finding.subject})` : finding.subject;
}

export class Findings {
  // on_change(): another finding, or another state of one.
  constructor(range, on_change) {
    this.range = range;
    this.on_change = on_change;
    this.all = new Map();    // by id
    this.cards = new Map();  // by id: {root, json}
    this.started = false;
    this.state = null;
  }

  async refresh() {
    this.state = await ask("findings", {limit: kAsked});
    const before = this.all;
    this.all = new Map(this.state.rows.map((finding) => [finding.id, finding]));
    // The stream is up to a second ahead of the answers.
    for (const [id, finding] of before) {
      const answered = this.all.get(id);
      if (!answered) this.all.set(id, finding);
      else if (finding.until && !answered.until) this.all.set(id, {...answered, until: finding.until});
    }
    this.started = true;
    this.#show();
  }

  // Of the stream.
  take(finding) {
    const is_new = !this.all.has(finding.id);
    this.all.set(finding.id, finding);
    if (is_new) announce(`New finding: ${title_of(finding)} at ${host_of(finding)}, severity ${finding.severity}`);
    this.#show();
    this.on_change();
  }

  get open() {
    return [...this.all.values()].filter((finding) => finding.until === null).length;
  }

  // For the charts: of these hosts, or of all.
  marks(subjects = null) {
    return [...this.all.values()].filter((finding) => subjects === null || subjects.includes(finding.subject))
        .sort((a, b) => a.since - b.since)
        .map((finding) => [finding.since, finding.until, finding.severity, title_of(finding)]);
  }

  #show() {
    const sorted = [...this.all.values()].sort(
        (a, b) => (a.until === null ? 0 : 1) - (b.until === null ? 0 : 1) || b.since - a.since || b.id - a.id);
    const open = this.open;
    by_id("findings-count").textContent = sorted.length === 0 ? "" : `${open} open of ${sorted.length}`;
    by_id("findings").classList.toggle("alarmed", open > 0);
    document.title = open > 0 ? `(${open}) tapline` : "tapline";
    const list = by_id("findings-list");
    if (sorted.length === 0) {
      this.cards.clear();
      list.replaceChildren(this.#nothing());
      return;
    }
    const roots = sorted.map((finding) => this.#card(finding));
    const same = roots.length === list.children.length && roots.every((root, i) => root === list.children[i]);
    if (!same) list.replaceChildren(...roots);
  }

  #nothing() {
    if (!this.state?.detecting) {
      return element("div", {class: "empty"},
          element("p", {}, "No host is looked at yet. The configuration says whose network this is:"),
          element("pre", {}, '[network]\ninternal = ["10.1.0.0/16"]\nlocal_domains = ["campus.example"]\n[[mail_server]]\nname = "mx"\naddress = ["10.1.0.25"]'));
    }
    return element("p", {class: "empty calm"}, this.state.learning
        ? "Nothing yet: the sensor still learns what is usual here ([detectors] learn)."
        : "Nothing found. All watched hosts do what is usual for them.");
  }

  #card(finding) {
    const json = JSON.stringify(finding);
    const known = this.cards.get(finding.id);
    if (known?.json === json) return known.root;
    const root = known?.root ?? element("article");
    const was_open = root.querySelector("details")?.open ?? finding.until === null;
    root.className = `finding ${finding.severity}${finding.until === null ? " is-open" : ""}`;
    root.dataset.id = finding.id;
    root.replaceChildren(...this.#parts(finding, was_open));
    this.cards.set(finding.id, {root, json});
    return root;
  }

  #parts(finding, evidence_shown) {
    const lasted = finding.until === null ? "open" : `over after ${duration(finding.until - finding.since)}`;
    return [
      element("header", {}, element("h3", {}, title_of(finding)),
          element("span", {class: "severity"}, finding.severity)),
      element("p", {class: "where"}, element("strong", {}, host_of(finding))),
      element("p", {class: "when"}, element("span", {class: "state"}, lasted), ` · since ${date_and_time(finding.since)} UTC · score ${finding.score.toFixed(2)}`),
      element("p", {class: "advice"}, finding.advice),
      element("details", {open: evidence_shown}, element("summary", {}, "Evidence"), evidence_list(finding.evidence)),
      element("p", {class: "do"},
          element("button", {type: "button", onclick: () => this.#look_at(finding)}, "Show on the charts"),
          finding.acknowledged ? " seen by an operator" : element("span", {}, " seen? ", element("code", {}, `tapline findings ack ${finding.id}`))),
    ];
  }

  #look_at(finding) {
    const until = finding.until ?? this.range.newest;
    const around = Math.max((until - finding.since) * kAround, kLeastAround);
    this.range.show([finding.since - around, until + around]);
    by_id("hosts-title").scrollIntoView({block: "start"});
  }
}

function evidence_list(evidence) {
  return element("dl", {}, ...Object.entries(evidence).flatMap(([key, value]) => {
    const [name, shown] = evidence_words(key, value);
    return [element("dt", {}, name), element("dd", {class: Array.isArray(value) && value.length > 1 ? "list" : null}, shown)];
  }));
}

// Lines for a file of the operator are kept as lines.
function evidence_words(key, value) {
  if (Array.isArray(value)) {
    const lines = value.some((text) => text.includes(" "));
    return [words_of(key), lines ? element("pre", {}, value.join("\n")) : value.join(", ")];
  }
  if (typeof value !== "number") return [words_of(key), value ?? "–"];
  if (key.endsWith("_per_s")) return [words_of(key.slice(0, -6)), precise(value) + " /s"];
  if (key.endsWith("_share")) return [words_of(key), percent(value, 1)];
  return [words_of(key), precise(value)];
}
