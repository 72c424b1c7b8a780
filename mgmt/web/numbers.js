// Numbers as people read them.

const kPrefixes = ["", "k", "M", "G", "T", "P"];

// Three digits and a prefix: 12.3k.
export function compact(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  let power = 0;
  let rest = Math.abs(value);
  while (rest >= 999.5 && power < kPrefixes.length - 1) {
    rest /= 1000;
    ++power;
  }
  const digits = rest >= 99.95 || (power === 0 && Number.isInteger(rest)) ? 0 : rest >= 9.995 ? 1 : 2;
  const text = rest < 0.01 ? String(Number(rest.toPrecision(1))) : rest.toFixed(digits);
  return (value < 0 ? "−" : "") + (text.includes(".") ? text.replace(/\.?0+$/, "") : text) + kPrefixes[power];
}

// 12,345
export function grouped(count) {
  return count.toLocaleString("en-US");
}

export function percent(part, whole) {
  return whole > 0 ? (100 * part / whole).toFixed(1) + " %" : "–";
}

// Four digits that matter.
export function precise(value) {
  if (value === null) return "–";
  if (Number.isInteger(value)) return grouped(value);
  return Math.abs(value) >= 10000 ? grouped(Math.round(value)) : String(Number(value.toPrecision(4)));
}

// Of a time in seconds: "2 min 30 s", "3 d 4 h"; "350 ms".
export function duration(seconds) {
  if (seconds > 0 && seconds < 1) return seconds < 1e-3 ? `${precise(seconds * 1e6)} µs` : `${precise(seconds * 1e3)} ms`;
  const whole = Math.round(seconds);
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = parts.findIndex(([size]) => whole >= size);
  if (first < 0) return "0 s";
  const [size, unit] = parts[first];
  const [next_size, next_unit] = parts[first + 1] ?? [1, ""];
  const next = Math.floor(whole % size / next_size);
  return `${Math.floor(whole / size)} ${unit}` + (next_unit && next > 0 ? ` ${next} ${next_unit}` : "");
}
