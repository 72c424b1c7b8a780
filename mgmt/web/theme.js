// Light, dark, or as the system has it.
import {by_id} from "./elements.js";

const kThemes = ["system", "light", "dark"];
const kKey = "tapline-theme";

export function start_theme(on_change) {
  const button = by_id("theme");
  const use = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    localStorage.setItem(kKey, theme);
    on_change();
  };
  button.addEventListener("click", () => {
    const now = kThemes.indexOf(document.documentElement.dataset.theme);
    use(kThemes[(now + 1) % kThemes.length]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", on_change);
  const kept = localStorage.getItem(kKey);
  use(kThemes.includes(kept) ? kept : "system");
}
