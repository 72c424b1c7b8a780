// D_q of the watched servers, and of one busy host at a time.
import {by_id, element} from "./elements.js";
import {LineChart} from "./line_chart.js";
import {all_that_can, ask} from "./sensor.js";
import {ask_series, rates} from "./series.js";

const kCurves = [
  {name: "total", color: 0, filled: true}, {name: "unresolved", color: 1}, {name: "A", color: 2},
  {name: "PTR", color: 3}, {name: "MX", color: 4},
];
const kSent = ["queries", "unresolved", "queries_a", "queries_ptr", "queries_mx"];
// A name server tells its clients that a name does not exist; whose FQDNs they were, it does not know.
const kGot = ["asked", "sent_nxdomain", "asked_a", "asked_ptr", "asked_mx"];

const sum = (rows, column) => rows.reduce((all, row) => all + row[column], 0);

class HostChart {
  constructor(host, range, findings) {
    this.host = host;
    this.range = range;
    this.findings = findings;
    this.chart = new LineChart(title_of(host), kCurves, range,
        {empty: "The tap shows no query of this host in this time, and none to it."});
  }

  use(host) {
    this.host = host;
    this.chart.rename(title_of(host));
    return this.refresh();
  }

  async refresh() {
    const fields = [...new Set([...kSent, ...kGot])].join(",");
    const answer = await ask_series("series", this.range, {host: this.host.address, fields});
    const sent = rates(answer, kSent, this.range.newest);
    const got = rates(answer, kGot, this.range.newest);
    const serves = sum(got, 1) > sum(sent, 1);
    this.chart.rename(title_of(this.host) + (serves ? ", asked" : ""));
    this.chart.rename_curve(1, serves ? "NXDOMAIN" : "unresolved");
    this.chart.show(serves ? got : sent, this.findings.marks([this.host.address]));
  }
}

export class Hosts {
  constructor(range, findings) {
    this.range = range;
    this.findings = findings;
    this.charts = new Map();  // of servers, by address
    this.busy = null;
    this.select = by_id("other-host");
    this.select.addEventListener("change", () => this.busy?.use({address: this.select.value, name: null}));
    this.root = by_id("hosts");
  }

  // `watched` of the status: servers have names, the busiest hosts have none.
  watch(watched) {
    this.root.querySelector(":scope > .empty")?.remove();
    for (const host of watched.filter((host) => host.name)) {
      if (this.charts.has(host.address)) continue;
      const made = new HostChart(host, this.range, this.findings);
      this.charts.set(host.address, made);
      if (this.busy) this.root.insertBefore(made.chart.root, this.busy.chart.root);
      else this.root.append(made.chart.root);
    }
    this.#offer(watched.filter((host) => !host.name));
    if (watched.length === 0) this.root.append(nothing());
  }

  // At first, the one of those that are offered that asks most.
  async choose_busiest() {
    const {rows} = await ask("top/clients", {limit: 100});
    const offered = [...this.select.options].map((option) => option.value);
    const busiest = rows.find((row) => offered.includes(row.address));
    if (!busiest || !this.busy) return;
    this.select.value = busiest.address;
    this.busy.host = {address: busiest.address, name: null};
  }

  #offer(hosts) {
    by_id("other-host-label").hidden = hosts.length === 0;
    const offered = [...this.select.options].map((option) => option.value);
    if (hosts.length === 0 || hosts.every((host, i) => host.address === offered[i]) && hosts.length === offered.length) return;
    const chosen = this.select.value;
    this.select.replaceChildren(...hosts.map(({address}) => element("option", {value: address}, address)));
    const host = hosts.find(({address}) => address === chosen) ?? hosts[0];
    this.select.value = host.address;
    if (this.busy) {
      if (this.busy.host.address !== host.address) this.busy.host = host;
      return;
    }
    this.busy = new HostChart(host, this.range, this.findings);
    this.root.append(this.busy.chart.root);
  }

  refresh() {
    return all_that_can([...this.charts.values(), this.busy].filter(Boolean).map((chart) => chart.refresh()));
  }
}

function title_of(host) {
  return host.name ? `${host.name} ${host.address}` : host.address;
}

function nothing() {
  return element("div", {class: "card empty"},
      element("p", {}, "No host has curves yet. Servers that the configuration names always have; so have the busiest hosts of the networks that are yours:"),
      element("pre", {}, '[network]\ninternal = ["10.1.0.0/16"]\n[[dns_server]]\nname = "tdns"\naddress = ["10.1.0.53"]'));
}
