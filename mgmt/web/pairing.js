// Answers and the connections that follow them.
import {DelayChart} from "./delay_chart.js";
import {by_id, element} from "./elements.js";
import {LineChart} from "./line_chart.js";
import {grouped, percent} from "./numbers.js";
import {ask} from "./sensor.js";
import {ask_series, rates} from "./series.js";

const kFields = ["syns", "pairs", "without_resolution"];

export class Pairing {
  constructor(range, findings) {
    this.range = range;
    this.findings = findings;
    this.chart = new LineChart("Connections",
        [{name: "SYNs", color: 0, filled: true}, {name: "paired", color: 2}, {name: "without resolution", color: 1}], range);
    this.delays = new DelayChart();
    this.counts = element("dl", {class: "counts"});
    by_id("pairing").append(this.chart.root, this.delays.root, element("div", {class: "card wide"},
        element("div", {class: "title"}, element("h3", {}, "Since the start")), this.counts));
  }

  async refresh() {
    const [answer, pairing] = await Promise.all([ask_series("series", this.range, {fields: kFields.join(",")}), ask("pairing")]);
    this.chart.show(rates(answer, kFields, this.range.newest), this.findings.marks());
    this.delays.show(pairing.delay);
    const counts = [
      ["DNS answers over UDP", pairing.answers],
      ["with an address record", pairing.answers_with_address, pairing.answers],
      ["followed by a connection", pairing.pairs, pairing.answers_with_address],
      ["TCP SYNs", pairing.syns],
      ["that follow an answer", pairing.syns_following, pairing.syns],
      ["paired, one to one answer", pairing.pairs, pairing.syns],
    ];
    this.counts.replaceChildren(...counts.map(([what, count, whole]) => element("div", {},
        element("dt", {}, what), element("dd", {}, element("strong", {}, grouped(count)), whole > 0 ? ` ${percent(count, whole)}` : ""))));
  }
}
