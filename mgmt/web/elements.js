// Making parts of the page. Text from the wire gets in as text only, never as markup.

// `attributes`: "class", "id" and so on; "onclick" and its kin take functions. Children: nodes, text or null.
export function element(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

export function by_id(id) {
  return document.getElementById(id);
}

// Said by screen readers, seen by nobody.
export function announce(sentence) {
  by_id("announcer").textContent = sentence;
}

function dressed(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}
