// The newest second in figures, each over the minute before it.
import {by_id, element, svg} from "./elements.js";
import {compact, duration, grouped, percent} from "./numbers.js";
import {ask} from "./sensor.js";

const kSeconds = 60;
const kWidth = 120;
const kHeight = 28;

// `of` takes the counts of a second.
const kTiles = [
  {name: "Frames", unit: "/s", of: (counts) => counts.frames},
  {name: "Traffic", unit: "b/s", of: (counts) => 8 * counts.bytes},
  {name: "Queries", unit: "/s", of: (counts) => counts.queries},
  {name: "Answers", unit: "/s", of: (counts) => counts.responses, more: (counts) => counts.responses > 0 ? `${percent(counts.nxdomain, counts.responses)} NXDOMAIN` : ""},
  {name: "Connections", unit: "/s", of: (counts) => counts.syns, more: (counts) => counts.syns > 0 ? `${percent(counts.pairs, counts.syns)} paired` : ""},
  {name: "Lost", unit: "/s", of: (counts) => counts.lost_frames + counts.lost_events, loss: true},
];

export class Now {
  constructor() {
    this.seconds = [];  // the last minute's counts
    this.newest = 0;    // of these
    this.tiles = kTiles.map((tile) => {
      const value = element("span", {class: "number"});
      const more = element("span", {class: "more"});
      const line = svg("polyline", {fill: "none"});
      const root = element("div", {class: "tile"}, element("dt", {}, tile.name), element("dd", {}, value, more),
          svg("svg", {viewBox: `0 0 ${kWidth} ${kHeight}`, preserveAspectRatio: "none", "aria-hidden": "true"}, line));
      by_id("tiles").append(root);
      return {...tile, root, value, note: more, line};
    });
  }

  async start() {
    const answer = await ask("series", {step: "1s"});
    this.seconds = answer.rows.slice(-kSeconds).map(
        (row) => Object.fromEntries(answer.fields.map((field, i) => [field, row[i]])));
    this.newest = answer.rows.at(-1)?.[0] ?? 0;
  }

  // From the stream or, where there is none, from the status.
  take_second(second, counts) {
    if (second <= this.newest) return;
    this.newest = second;
    this.seconds.push(counts);
    if (this.seconds.length > kSeconds) this.seconds.shift();
  }

  // Live: the last second. Else what the capture came to.
  show(status) {
    by_id("now-title").textContent = status.capturing ? "Now" : "The whole capture";
    const {first, last} = status.ledger;
    const length = first === null ? 0 : Math.max(last - first, 1);
    for (const tile of this.tiles) {
      const counts = status.capturing ? this.seconds.at(-1) ?? status.last : status.total;
      const all = tile.of(status.total);
      tile.value.textContent = compact(tile.of(counts));
      tile.value.dataset.unit = status.capturing ? tile.unit : tile.unit.replace("/s", "");
      tile.note.textContent = tile.loss ? `${grouped(status.total.lost_frames)} frames, ${grouped(status.total.lost_events)} events in all`
          : tile.more ? tile.more(counts)
          : status.capturing ? `${compact(all)} since the start`
          : `${compact(all / length)}${tile.unit} over ${duration(length)}`;
      tile.root.classList.toggle("bad", Boolean(tile.loss) && tile.of(counts) > 0);
      this.#draw_line(tile);
    }
  }

  #draw_line(tile) {
    const numbers = this.seconds.map(tile.of);
    const highest = Math.max(...numbers, 1);
    const points = numbers.map((number, i) => {
      const x = kWidth * (kSeconds - numbers.length + i) / (kSeconds - 1);
      return `${x.toFixed(1)},${(kHeight - 1.5 - (kHeight - 3) * number / highest).toFixed(1)}`;
    });
    tile.line.setAttribute("points", points.join(" "));
  }
}
