// The delays from an answer to its connection: pairs by delay, the count on a logarithmic scale, and the exponential of
// the same mean, which is a straight line there.
import {element, svg} from "./elements.js";
import {compact, duration, grouped} from "./numbers.js";

// Pixels, beside the curves' own.
const kLeft = 44;
const kRight = 6;
const kBottom = 24;
const kTop = 8;

export class DelayChart {
  constructor() {
    this.drawing = svg("svg", {class: "delays", role: "img", "aria-label": "Histogram of delays"});
    this.words = element("p", {class: "model"});
    this.table = element("tbody");
    this.empty = element("p", {class: "empty"}, "No answer has been followed by a connection yet.");
    this.root = element("figure", {class: "card"}, element("div", {class: "title"}, element("h3", {}, "Delay from answer to connection")),
        element("ul", {class: "legend plain"},
            element("li", {class: "key curve-0 bar"}, element("span", {class: "swatch", "aria-hidden": "true"}), "pairs"),
            element("li", {class: "key curve-1 dashed"}, element("span", {class: "swatch", "aria-hidden": "true"}), "exponential of the same mean")),
        this.empty, this.drawing, this.words,
        element("details", {class: "figures"}, element("summary", {}, "Figures"),
            element("table", {}, element("thead", {}, element("tr", {}, element("th", {scope: "col"}, "delay"), element("th", {scope: "col"}, "pairs"))), this.table)));
    new ResizeObserver(() => this.delay && this.show(this.delay)).observe(this.root);
  }

  show(delay) {
    this.delay = delay;
    const pairs = delay.histogram.reduce((sum, bin) => sum + bin.count, 0);
    this.empty.hidden = pairs > 0;
    this.drawing.toggleAttribute("hidden", pairs === 0);
    this.words.textContent = pairs === 0 ? "" :
        `mean ${duration(delay.mean)}, p50 ${duration(delay.p50)}, p90 ${duration(delay.p90)}, p99 ${duration(delay.p99)}` +
        (delay.rate === null ? "" : `; exponential with a rate of ${delay.rate.toFixed(1)} /s`);
    if (pairs === 0) return;
    this.#draw(delay, pairs, this.drawing.getBoundingClientRect());
    this.drawing.setAttribute("aria-label", `Histogram of ${grouped(pairs)} delays: ${this.words.textContent}`);
    this.table.replaceChildren(...delay.histogram.filter((bin) => bin.count > 0).map((bin) => element("tr", {},
        element("th", {scope: "row"}, `${duration(bin.from)} to ${duration(bin.to)}`), element("td", {}, grouped(bin.count)))));
  }

  #draw(delay, pairs, {width, height}) {
    this.drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const end = delay.histogram.at(-1).to;
    const decades = Math.max(Math.ceil(Math.log10(Math.max(...delay.histogram.map((bin) => bin.count)) * 1.2)), 1);
    const x = (seconds) => kLeft + (width - kLeft - kRight) * seconds / end;
    const floor = height - kBottom;
    // A pair stands a little above the floor.
    const y = (count) => floor - (floor - kTop) * (Math.log10(count) + 0.3) / (decades + 0.3);
    const parts = [];
    for (let decade = 0; decade <= decades; ++decade) {
      const level = y(10 ** decade);
      parts.push(svg("line", {class: "grid-line", x1: kLeft, x2: width - kRight, y1: level, y2: level}));
      parts.push(svg("text", {class: "tick", x: kLeft - 6, y: level + 4, "text-anchor": "end"}, compact(10 ** decade)));
    }
    for (const bin of delay.histogram.filter((bin) => bin.count > 0)) {
      parts.push(svg("rect", {class: "bar", x: x(bin.from), width: Math.max(x(bin.to) - x(bin.from) - 0.8, 0.8), y: y(bin.count), height: floor - y(bin.count)},
          svg("title", {}, `${duration(bin.from)} to ${duration(bin.to)}: ${grouped(bin.count)} pairs`)));
    }
    const expected = (bin) => pairs * (Math.exp(-delay.rate * bin.from) - Math.exp(-delay.rate * bin.to));
    if (delay.rate !== null) {
      const points = delay.histogram.filter((bin) => expected(bin) >= 0.5)
          .map((bin) => `${x((bin.from + bin.to) / 2).toFixed(1)},${y(expected(bin)).toFixed(1)}`);
      parts.push(svg("polyline", {class: "fit", fill: "none", points: points.join(" ")}));
    }
    for (let i = 0; i <= 4; ++i) {
      parts.push(svg("text", {class: "tick", x: x(end * i / 4), y: height - 6, "text-anchor": i === 4 ? "end" : "middle"}, i === 0 ? "0" : duration(end * i / 4)));
    }
    this.drawing.replaceChildren(...parts);
  }
}
