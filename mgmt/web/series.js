// Series of the API as rows for a chart.
import {ask} from "./sensor.js";

// `fields` of the answer, as [begin, value...] by the second. The newest step is not over: it is divided by what of it
// has passed.
export function rates(answer, fields, newest) {
  const columns = fields.map((field) => answer.fields.indexOf(field));
  return answer.rows.map((row) => {
    const seconds = Math.max(Math.min(answer.step, newest - row[0]), 1);
    return [row[0], ...columns.map((column) => row[column] === null ? null : row[column] / seconds)];
  });
}

// As they are.
export function values(answer, fields) {
  const columns = fields.map((field) => answer.fields.indexOf(field));
  return answer.rows.map((row) => [row[0], ...columns.map((column) => row[column])]);
}

export function ask_series(path, range, parameters = {}) {
  return ask(path, {step: range.step.name, from: Math.floor(range.from), to: Math.ceil(range.to), ...parameters});
}
