/** Small builders: elements without a framework, and without style attributes, which a strict policy would refuse. */

type Attributes = Record<string, string | number | boolean | null | undefined>;
type Child = Node | string | null | undefined | false;

function fill<E extends Element>(made: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== undefined && child !== false,
    ),
  );
  return made;
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** A picture of the sprite; decorative, because a name stands beside it or on its parent. */
export function picture(name: string, className = "picture"): SVGSVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 200 200", class: className, "aria-hidden": "true", focusable: "false" },
    svg("use", { href: `#art-${name}` }),
  );
}

export function button(
  name: string,
  className: string,
  onPress: () => void,
  ...children: Child[]
): HTMLButtonElement {
  const made = el("button", { type: "button", class: className }, ...(children.length ? children : [name]));
  if (children.length) made.setAttribute("aria-label", name);
  made.addEventListener("click", onPress);
  return made;
}

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  info: "M12 11v6M12 7.2v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  history: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5M12 8v4.5l3 2",
  sound: "M4 10v4h4l5 4V6L8 10H4zM16.5 9a4.5 4.5 0 0 1 0 6M18.8 6.5a8 8 0 0 1 0 11",
  muted: "M4 10v4h4l5 4V6L8 10H4zM16.5 9.5l5 5M21.5 9.5l-5 5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  undo: "M9 14l-5-5 5-5M4 9h9a6 6 0 0 1 0 12h-3",
  clear: "M5 7h14M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3",
  repeat: "M4 12V9a3 3 0 0 1 3-3h12l-3-3M20 12v3a3 3 0 0 1-3 3H5l3 3",
  spin: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M20 3.5v4.6h-4.6",
  stop: "M7 7h10v10H7z",
  step: "M7 5l8 7-8 7zM18 5v14",
  play: "M7 5l11 7-11 7z",
  restart: "M5 5v14M19 5l-9 7 9 7z",
} as const;

export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGSVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] }),
  );
}
