// Curves of all that the tap shows.
import {by_id} from "./elements.js";
import {LineChart} from "./line_chart.js";
import {ask_series, rates} from "./series.js";

const kCharts = [
  {title: "Queries", curves: [["all", "queries"], ["A", "queries_a"], ["AAAA", "queries_aaaa"], ["PTR", "queries_ptr"], ["MX", "queries_mx"]]},
  {title: "Answers", curves: [["all", "responses"], ["NXDOMAIN", "nxdomain"], ["SERVFAIL", "servfail"]]},
  {title: "Frames", curves: [["received", "frames"], ["lost by the NIC", "lost_frames"], ["events lost", "lost_events"]]},
];

export class Network {
  constructor(range, findings) {
    this.range = range;
    this.findings = findings;
    this.charts = kCharts.map(({title, curves}) => ({
      chart: new LineChart(title, curves.map(([name], i) => ({name, color: i, filled: i === 0})), range),
      fields: curves.map(([, field]) => field),
    }));
    by_id("sensor").append(...this.charts.map(({chart}) => chart.root));
  }

  async refresh() {
    const answer = await ask_series("series", this.range);
    for (const {chart, fields} of this.charts)
      chart.show(rates(answer, fields, this.range.newest), this.findings.marks());
  }
}
