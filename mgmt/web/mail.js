// Each mail server whose log is read: the queries that its mail explains, those that it does not, and MEE = N_f / N_c.
import {by_id, element} from "./elements.js";
import {LineChart} from "./line_chart.js";
import {precise} from "./numbers.js";
import {all_that_can, ask} from "./sensor.js";
import {ask_series, rates, values} from "./series.js";

const kNoise = 1e-6;  // of the calculation, queries per second

class MailServer {
  constructor(server, range, findings) {
    this.server = server;
    this.range = range;
    this.findings = findings;
    const chart = (title, curves, options) => new LineChart(title, curves, range, options);
    this.queries = chart("Queries, observed and calculated",
        [{name: "observed", color: 0, filled: true}, {name: "calculated", color: 1, dashed: true}]);
    this.residual = chart("Residual, observed less calculated", [{name: "residual", color: 3}], {lowest: null,
        empty: "Nothing is calculated: five steps with mail that varies are needed."});
    this.efficiency = chart("MEE, mails accepted of connects", [{name: "N_f / N_c", color: 2}],
        {unit: "", digits: (value) => value.toFixed(2)});
    this.mail = chart("Mail", [{name: "connects", color: 0}, {name: "accepted", color: 2}, {name: "sent", color: 4},
                               {name: "deferred", color: 1}, {name: "turned down", color: 3}]);
    this.model = element("p", {class: "model"});
    this.root = element("div", {class: "server"},
        element("h3", {}, server.name ? `${server.name} ${server.server}` : server.server), this.model,
        element("div", {class: "grid four"},
            ...[this.queries, this.residual, this.efficiency, this.mail].map(({root}) => root)));
  }

  async refresh() {
    const answer = await ask_series(`mail/${encodeURIComponent(this.server.server)}`, this.range);
    const marks = this.findings.marks([this.server.server]);
    const newest = this.range.newest;
    this.queries.show(rates(answer, ["dq", "calculated"], newest), marks);
    const residual = rates(answer, ["residual"], newest).map(([second, value]) =>
        [second, value !== null && Math.abs(value) < kNoise ? 0 : value]);
    this.residual.show(residual.some(([, value]) => value !== null) ? residual : [], marks);
    this.efficiency.show(values(answer, ["mee"]), marks);
    this.mail.show(rates(answer, ["smtp", "from", "sent", "deferred", "rejected"], newest), marks);
    this.model.replaceChildren(...model_words(answer.model, this.range.step));
  }
}

function model_words(model, step) {
  if (model.coefficients.length === 0) return ["Queries are not calculated yet: five steps with mail that varies are needed."];
  const terms = model.coefficients.filter(({value}) => Math.abs(value) >= kNoise).map(({name, value}) =>
      ["smtp", "pop3"].includes(name) ? `${precise(value)} × ${name.toUpperCase()} sessions` : `${precise(value)} ${step.each}`);
  return ["D", element("sub", {}, "q"), ` = ${terms.join(" + ")}; R² ${model.r2 === null ? "–" : model.r2.toFixed(3)}`];
}

export class Mail {
  constructor(range, findings) {
    this.range = range;
    this.findings = findings;
    this.servers = new Map();  // by address
    this.root = by_id("mail");
  }

  async refresh() {
    const {servers} = await ask("mail");
    this.root.querySelector(":scope > .empty")?.remove();
    if (servers.length === 0) this.root.append(nothing());
    for (const server of servers) {
      if (this.servers.has(server.server)) continue;
      const made = new MailServer(server, this.range, this.findings);
      this.servers.set(server.server, made);
      this.root.append(made.root);
    }
    await all_that_can([...this.servers.values()].map((server) => server.refresh()));
  }
}

function nothing() {
  return element("div", {class: "card empty"},
      element("p", {}, "No mail log is read. Mail servers send theirs by syslog, and the configuration says from where:"),
      element("pre", {}, '[syslog]\nlisten = "0.0.0.0:514"\n[[mail_server]]\nname = "mx"\naddress = ["10.1.0.25"]'));
}
