// Rankings since the start.
import {by_id, element} from "./elements.js";
import {grouped, percent} from "./numbers.js";
import {ask} from "./sensor.js";

const kRows = 8;
const kMoreRows = 50;

const at_most = (count, error) => (error > 0 ? "≤ " : "") + grouped(count);

// `columns`: heading and what stands there; the first names the row. `weight`: what the bar is long for.
const kTops = [
  {ranking: "clients", title: "Busiest clients", columns: [["client", (row) => row.address], ["queries", (row) => grouped(row.queries)],
    ["NXDOMAIN", (row) => grouped(row.nxdomain)], ["SYNs", (row) => grouped(row.connections)], ["paired", (row) => percent(row.paired, row.connections)]],
   weight: (row) => row.queries + row.connections, empty: "The tap has shown no client yet."},
  {ranking: "names", title: "Names asked for", columns: [["name", (row) => row.name], ["queries", (row) => at_most(row.queries, row.error)]],
   weight: (row) => row.queries, empty: "None yet. Names are put in order when a capture ends."},
  {ranking: "domains", title: "Domains asked for", columns: [["registered domain", (row) => row.domain], ["queries", (row) => at_most(row.queries, row.error)]],
   weight: (row) => row.queries, empty: "None yet. Names are put in order when a capture ends."},
  {ranking: "ports", title: "Ports connected to", columns: [["port", (row) => row.service ? `${row.port} ${row.service}` : String(row.port)],
    ["SYNs", (row) => grouped(row.syns)], ["paired", (row) => percent(row.pairs, row.syns)]],
   weight: (row) => row.syns, empty: "The tap has shown no SYN yet."},
  {ranking: "smtp-clients", title: "SMTP clients", columns: [["client", (row) => row.client], ["of", (row) => row.server_name || row.server],
    ["connections", (row) => at_most(row.connections, row.error)]],
   weight: (row) => row.connections, empty: "The tap has shown no connection to a mail server that the configuration names ([[mail_server]])."},
  {ranking: "unresolved", title: "Destinations that no answer told", columns: [["destination", (row) => row.address], ["port", (row) => String(row.port)],
    ["connections", (row) => at_most(row.connections, row.error)], ["clients", (row) => grouped(row.clients)]],
   weight: (row) => row.connections, empty: "None: each connection of internal hosts ([network] internal) goes where an answer told."},
];

class Top {
  constructor(top) {
    this.top = top;
    this.body = element("tbody");
    this.empty = element("p", {class: "empty"}, top.empty);
    this.more = element("button", {type: "button", class: "quiet", "aria-expanded": "false", onclick: () => this.#toggle()}, "More");
    this.table = element("table", {class: "ranking"}, element("caption", {class: "unseen"}, top.title),
        element("thead", {}, element("tr", {}, ...top.columns.map(([name]) => element("th", {scope: "col"}, name)))), this.body);
    this.limit = kRows;
    this.root = element("div", {class: "card", "data-ranking": top.ranking}, element("div", {class: "title"}, element("h3", {}, top.title), this.more),
        this.empty, element("div", {class: "scroll"}, this.table));
  }

  #toggle() {
    this.limit = this.limit === kRows ? kMoreRows : kRows;
    this.more.textContent = this.limit === kRows ? "More" : "Fewer";
    this.more.setAttribute("aria-expanded", String(this.limit !== kRows));
    this.refresh();
  }

  async refresh() {
    const {rows, total} = await ask(`top/${this.top.ranking}`, {limit: this.limit});
    const most = Math.max(...rows.map(this.top.weight), 1);
    this.empty.hidden = rows.length > 0;
    this.table.hidden = rows.length === 0;
    this.more.hidden = total <= kRows;
    this.body.replaceChildren(...rows.map((row) => {
      const made = element("tr", {}, ...this.top.columns.map(([, text], i) =>
          i === 0 ? element("th", {scope: "row", title: text(row)}, text(row)) : element("td", {}, text(row))));
      made.style.setProperty("--share", `${(100 * this.top.weight(row) / most).toFixed(1)}%`);
      return made;
    }));
  }
}

export class Tops {
  constructor() {
    this.tops = kTops.map((top) => new Top(top));
    by_id("tops").append(...this.tops.map(({root}) => root));
  }

  refresh() {
    return Promise.all(this.tops.map((top) => top.refresh()));
  }
}
