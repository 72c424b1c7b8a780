// A chart of curves over time, with a legend that is also its readout, and its figures as a table for those who do not
// see it. Drawn by dygraphs.
import {announce, element} from "./elements.js";
import {compact, precise} from "./numbers.js";
import {date_and_time, tick_text, time_of_day} from "./times.js";

// The legend here is ours; that of the library writes styles into elements, which the page's policy forbids.
Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin !== Dygraph.Plugins.Legend);

const charts = new Set();  // on the page; a time pointed at in one is shown in all

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function colors_of(curves) {
  return curves.map((curve) => color(`--curve-${curve.color}`));
}

export function redraw_all() {
  for (const chart of charts) chart.recolor();
}

export class LineChart {
  // `curves`: [{name, color: 0 to 5, dashed, filled}]. `options`: {unit, digits(value), empty, lowest}; the axis begins at
  // `lowest`, null: where the curves do.
  constructor(title, curves, range, options) {
    this.title = title;
    this.curves = [...curves];
    this.range = range;
    this.options = {unit: "per second", empty: "Nothing was counted in this time.", lowest: 0, ...options};
    this.rows = [];
    this.marks = [];
    this.keys = curves.map((curve, i) => this.#key(curve, i));
    this.time = element("time", {class: "at"});
    this.plot = element("div", {
      class: "plot", tabindex: 0, role: "group", "aria-roledescription": "chart", "aria-label": title,
      onkeydown: (event) => this.#walk(event),
    });
    this.empty = element("p", {class: "empty"}, "Asking the sensor.");
    this.table = element("tbody");
    this.heading = element("h3", {}, title);
    this.root = element("figure", {class: "card"},
        element("div", {class: "title"}, this.heading, this.time),
        element("ul", {class: "legend"}, ...this.keys.map((key) => element("li", {}, key.button))),
        this.empty, this.plot,
        element("details", {class: "figures"}, element("summary", {}, "Figures"),
            element("table", {},
                element("thead", {}, element("tr", {}, ...["curve", "mean", "highest", "at", "latest"].map(
                    (name) => element("th", {scope: "col"}, name)))),
                this.table)));
    charts.add(this);
    new ResizeObserver(() => this.graph?.resize()).observe(this.plot);
  }

  rename(title) {
    this.heading.textContent = title;
    this.plot.setAttribute("aria-label", title);
  }

  rename_curve(index, name) {
    this.curves[index] = {...this.curves[index], name};
    this.keys[index].name.textContent = name;
  }

  // Rows of [seconds since 1970, value of each curve or null]; marks of [from, until or null, severity, words].
  show(rows, marks = []) {
    this.rows = rows;
    this.marks = marks;
    const any = rows.length > 0;
    this.empty.hidden = any;
    this.empty.textContent = this.options.empty;
    this.plot.hidden = !any;
    if (!any) this.graph?.destroy();
    if (!any) this.graph = null;
    if (any) this.#draw();
    if (this.selected === undefined) this.#read(rows.length - 1, false);
    this.#tabulate();
  }

  recolor() {
    this.graph?.updateOptions({
      colors: colors_of(this.curves), gridLineColor: color("--line"), axisLineColor: color("--line"),
      series: this.#series(),
    });
  }

  #draw() {
    const changing = {
      // Where nothing at all is known the lines break; null alone would be bridged.
      file: this.rows.map(([second, ...values]) => [
        new Date(second * 1000), ...values.every((value) => value === null) ? values.map(() => NaN) : values,
      ]),
      dateWindow: [this.range.from * 1000, this.range.to * 1000],
      valueRange: [this.options.lowest, null],
    };
    if (this.graph) {
      this.graph.updateOptions(changing);
      return;
    }
    const {file, ...options} = changing;
    this.graph = new Dygraph(this.plot, file, {
      ...options,
      labels: ["time", ...this.curves.map((_, i) => String(i))],
      colors: colors_of(this.curves),
      series: this.#series(),
      labelsUTC: true, strokeWidth: 1.6, highlightCircleSize: 3.5, gridLineWidth: 1,
      connectSeparatedPoints: true, rightGap: 8, xRangePad: 0,
      includeZero: this.options.lowest === 0, gridLineColor: color("--line"), axisLineColor: color("--line"),
      axes: {
        x: {pixelsPerLabel: 90, axisLabelWidth: 90, drawGrid: false,
            axisLabelFormatter: (date) => tick_text(date.getTime(), this.range.to - this.range.from)},
        y: {pixelsPerLabel: 34, axisLabelWidth: 44, axisLabelFormatter: (value) => compact(value)},
      },
      interactionModel: {
        mousedown: Dygraph.defaultInteractionModel.mousedown,
        willDestroyContextMyself: true,
        dblclick: () => this.range.back(),
      },
      zoomCallback: (from, to) => this.#zoomed(from, to),
      underlayCallback: (canvas, area, graph) => this.#draw_bands(canvas, area, graph),
      plugins: [{activate: () => ({
        didDrawChart: ({drawingContext, dygraph}) => this.#draw_words(drawingContext, dygraph.getArea(), dygraph),
      })}],
      highlightCallback: (event, time) => point_all_at(time / 1000),
      unhighlightCallback: () => point_all_at(undefined),
    });
  }

  #series() {
    return Object.fromEntries(this.curves.map((curve, i) => [String(i), {
      ...(curve.dashed ? {strokePattern: [6, 4]} : {}), fillGraph: Boolean(curve.filled), fillAlpha: 0.1,
    }]));
  }

  // A drag up or down zooms nothing: the axis of values follows the curves.
  #zoomed(from, to) {
    if (from / 1000 > this.range.from || to / 1000 < this.range.to) this.range.show([from / 1000, to / 1000]);
    else this.#draw();
  }

  // Where each mark begins and ends, in pixels; those that are in sight.
  #marks_in(area, graph) {
    return this.marks.map(([from, until, severity, words]) => ({
      left: Math.max(graph.toDomXCoord(from * 1000), area.x - 4),
      right: Math.min(graph.toDomXCoord((until ?? this.range.to) * 1000), area.x + area.w + 4),
      severity, words,
    })).filter(({left, right}) => right >= area.x && left <= area.x + area.w);
  }

  // When something was found: a band under the curves,
  #draw_bands(canvas, area, graph) {
    canvas.save();
    canvas.beginPath();
    canvas.rect(area.x, area.y, area.w, area.h);
    canvas.clip();
    for (const {left, right, severity} of this.#marks_in(area, graph)) {
      canvas.fillStyle = color(`--${severity}`);
      canvas.globalAlpha = 0.13;
      canvas.fillRect(left, area.y, Math.max(right - left, 2), area.h);
      canvas.globalAlpha = 1;
      canvas.fillRect(left, area.y, 2, area.h);
    }
    canvas.restore();
  }

  // and what it was, over them, where there is room.
  #draw_words(canvas, area, graph) {
    const {fontFamily, fontSize} = getComputedStyle(document.body);
    const size = 0.73 * parseFloat(fontSize);
    canvas.save();
    canvas.font = `600 ${size}px ${fontFamily}`;
    canvas.textBaseline = "top";
    let end = area.x;
    for (const {left, severity, words} of this.#marks_in(area, graph)) {
      const width = canvas.measureText(words).width + 8;
      const begin = Math.min(left + 2, area.x + area.w - width);
      if (begin < end) continue;
      canvas.globalAlpha = 0.75;
      canvas.fillStyle = color("--panel");
      canvas.fillRect(begin, area.y, width, size + 6);
      canvas.globalAlpha = 1;
      canvas.fillStyle = color(`--${severity}`);
      canvas.fillText(words, begin + 4, area.y + 3);
      end = begin + width;
    }
    canvas.restore();
  }

  #key(curve, index) {
    const value = element("span", {class: "value"});
    const name = element("span", {}, curve.name);
    const button = element("button", {
      type: "button", "aria-pressed": "true", class: `key curve-${curve.color}${curve.dashed ? " dashed" : ""}`,
      title: "Show or hide this curve", onclick: () => this.#toggle(index),
    }, element("span", {class: "swatch", "aria-hidden": "true"}), name, value);
    return {button, name, value};
  }

  #toggle(index) {
    const {button} = this.keys[index];
    const visible = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(visible));
    this.graph?.setVisibility(index, visible);
  }

  // The row of this second, or the last before it.
  row_at(second) {
    let row = -1;
    for (let i = 0; i < this.rows.length && this.rows[i][0] <= second; ++i) row = i;
    return row;
  }

  point_at(second) {
    const row = second === undefined ? -1 : this.row_at(second);
    this.selected = row < 0 ? undefined : row;
    if (row < 0) this.graph?.clearSelection();
    else this.graph?.setSelection(row);
    this.#read(row < 0 ? this.rows.length - 1 : row, row >= 0);
  }

  #text(value) {
    return value === null || value === undefined ? "–" : (this.options.digits ?? compact)(value);
  }

  #read(row, pointed) {
    const values = this.rows[row];
    this.time.textContent = values && pointed ? `${time_of_day(values[0])} UTC` : this.options.unit;
    this.keys.forEach(({value}, i) => value.textContent = values ? this.#text(values[i + 1]) : "");
  }

  #walk(event) {
    const last = this.rows.length - 1;
    const at = this.selected ?? last;
    const middle = this.rows[at]?.[0];
    const step = event.shiftKey ? 10 : 1;
    const moves = {ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: last};
    if (event.key in moves && last >= 0) {
      const row = Math.min(Math.max(moves[event.key], 0), last);
      point_all_at(this.rows[row][0]);
      const words = this.curves.map((curve, i) => `${curve.name} ${this.#text(this.rows[row][i + 1])}`);
      announce(`${date_and_time(this.rows[row][0])}: ${words.join(", ")}`);
    } else if (event.key === "+" || event.key === "=") {
      this.range.zoom(0.5, middle);
    } else if (event.key === "-") {
      this.range.zoom(2, middle);
    } else if (event.key === "Escape") {
      this.range.back();
    } else {
      return;
    }
    event.preventDefault();
  }

  #tabulate() {
    this.table.replaceChildren(...this.curves.map((curve, i) => {
      const known = this.rows.filter((row) => row[i + 1] !== null);
      const mean = known.length ? known.reduce((sum, row) => sum + row[i + 1], 0) / known.length : null;
      const highest = known.reduce((best, row) => best === null || row[i + 1] > best[i + 1] ? row : best, null);
      return element("tr", {}, element("th", {scope: "row"}, curve.name), element("td", {}, precise(mean)),
          element("td", {}, precise(highest?.[i + 1] ?? null)), element("td", {}, highest ? date_and_time(highest[0]) : "–"),
          element("td", {}, precise(known.at(-1)?.[i + 1] ?? null)));
    }));
  }
}

function point_all_at(second) {
  for (const chart of charts) chart.point_at(second);
}
