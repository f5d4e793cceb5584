// Looks at a published page in a browser. Every function gives a list of what is wrong.
(() => {
  const parse = (text) => {
    const found = text.match(/rgba?\(([^)]+)\)|color\(srgb ([^)]+)\)/);
    if (!found) return null;
    const parts = (found[1] || found[2]).split(/[ ,/]+/).map(Number);
    const scale = found[1] ? 255 : 1;
    return { rgb: parts.slice(0, 3).map((x) => x / scale), a: parts[3] ?? 1 };
  };
  const parseAll = (text) =>
    [...text.matchAll(/rgba?\([^)]+\)|color\(srgb [^)]+\)/g)].map((m) => parse(m[0]));
  const over = (top, under) => top.rgb.map((x, i) => x * top.a + under[i] * (1 - top.a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [a, b] = [light(one), light(two)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getClientRects().length > 0;
  const canvas = () => parse(getComputedStyle(document.body).backgroundColor).rgb;

  // All grounds that may lie under an element: a gradient counts with each of its colours.
  const grounds = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const colour = parse(style.backgroundColor);
      const colours = parseAll(style.backgroundImage);
      layers.push([...(colour && colour.a ? [colour] : []), ...colours]);
    }
    let found = [canvas()];
    for (const layer of layers.reverse()) {
      const on = layer.flatMap((top) => found.map((under) => over(top, under)));
      const solid = layer.length > 0 && layer[0].a === 1;
      found = layer.length ? (solid ? on : [...found, ...on]) : found;
    }
    return found;
  };
  const painted = (x, y, text) => {
    for (const element of document.elementsFromPoint(x, y)) {
      if (element === text || !(element instanceof SVGGeometryElement)) continue;
      const fill = parse(getComputedStyle(element).fill);
      if (fill && fill.a === 1 && Number(getComputedStyle(element).fillOpacity) === 1) return fill.rgb;
    }
    return null;
  };
  const told = (element) =>
    `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ` +
    `${(element.textContent || "").trim().slice(0, 30)}`;

  const texts = () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const wrong = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let count = 0;
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !seen(element)) continue;
      if (element.closest("title, desc, .skip")) continue;
      count += 1;
      const style = getComputedStyle(element);
      const drawn = element.closest("svg");
      const colour = parse(drawn ? style.fill : style.color);
      let under = grounds(drawn ? drawn : element);
      if (drawn && style.stroke !== "none" && style.paintOrder.startsWith("stroke")) {
        under = [parse(style.stroke).rgb];
      } else if (drawn) {
        element.scrollIntoView({ block: "center" });
        const box = element.getBoundingClientRect();
        const shape = painted(box.x + box.width / 2, box.y + box.height / 2, element);
        if (shape) under = [shape];
      }
      const worst = Math.min(...under.map((ground) => contrast(over(colour, ground), ground)));
      if (!(worst >= 4.5)) wrong.push(`${worst.toFixed(2)} ${told(element)}`);
    }
    return count ? wrong : ["no text was found"];
  };

  // [what is drawn, the grounds that it may lie on]; a ground is an element and its property.
  const MAP = [["svg.map", "backgroundColor"], [".region", "fill"], [".region.reported", "fill"]];
  const CHART = [["svg.chart", "backgroundColor"], [".chart .truce", "fill"]];
  const PAGE = [["body", "backgroundColor"]];
  const DRAWN = [
    ["svg.map .hatch", MAP], ["svg.map .mark", MAP], ["svg.map .fire", MAP],
    ["svg.map .static", MAP], ["svg.map .halo", MAP], ["svg.map .region", MAP.slice(0, 1)],
    ["svg.map .scale path", MAP.slice(0, 1)],
    ["svg.chart .hatch", CHART], ["svg.chart .firm", CHART], ["svg.chart .expected", CHART],
    ["svg.chart .fire-bar", CHART], ["svg.chart .static-bar", CHART],
    ["svg.chart .hidden-sure", CHART], ["svg.chart .hidden-most", CHART],
    ["svg.chart .truce", CHART.slice(0, 1)], ["svg.chart .period", CHART.slice(0, 1)],
    ["svg.chart .base", CHART], ["svg.chart .half-ring", CHART.slice(0, 1)],
    [".glyph path", PAGE], [".glyph circle", PAGE], [".swatch rect", PAGE], [".swatch .hatch", MAP],
    [".interval", PAGE], [".estimate", PAGE], [".bar i", PAGE], [".bar", PAGE], [".sight", PAGE],
    [".shape .solid", PAGE], [".shape .open", PAGE], [".shape .line", PAGE], [".a", PAGE],
    [".fan .solid", PAGE], [".fan .line", PAGE], [".fan .end", PAGE], [".letter", PAGE],
  ];
  const drawings = () => {
    const wrong = [];
    let count = 0;
    const colourOf = (element, property) => parse(getComputedStyle(element)[property]);
    for (const [selector, on] of DRAWN) {
      const kinds = new Map();
      for (const each of document.querySelectorAll(selector)) {
        kinds.set(each.getAttribute("class") + each.closest("[class]").getAttribute("class"), each);
      }
      for (const element of kinds.values()) {
        const style = getComputedStyle(element);
        for (const [ground, property] of on) {
          const found = document.querySelector(ground);
          const under = found && colourOf(found, property)?.rgb;
          if (!under || found === element) continue;
          count += 1;
          const html = element instanceof HTMLElement;
          const paints = html
            ? [style.backgroundColor, style.borderTopColor]
            : [style.fill, style.stroke];
          const best = Math.max(
            ...paints.map(parse).filter((c) => c && c.a).map((c) =>
              contrast(over({ ...c, a: c.a * Number(style.opacity) }, under), under)));
          if (!(best >= 3)) wrong.push(`${best.toFixed(2)} ${selector} on ${ground} ${told(element)}`);
        }
      }
    }
    return count || !document.querySelector("svg") ? wrong : ["nothing drawn was found"];
  };

  const structure = () => {
    const wrong = [];
    const must = (fact, words) => fact || wrong.push(words);
    const all = (selector, from = document) => [...from.querySelectorAll(selector)];
    must(document.documentElement.lang === "en", "no language");
    must(document.title.trim(), "no title");
    for (const one of ["main", "body > header", "body > footer", "h1"]) {
      must(all(one).length === 1, `not one ${one}`);
    }
    for (const nav of all("nav")) must(nav.getAttribute("aria-label"), "a nav without a name");
    for (const each of document.body.children) {
      must(each.matches("header, main, footer, aside[aria-label], a.skip"), `outside: ${told(each)}`);
    }
    let last = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6")) {
      const level = Number(heading.tagName[1]);
      must(level <= last + 1, `h${level} after h${last}: ${told(heading)}`);
      must(heading.textContent.trim(), "an empty heading");
      last = level;
    }
    const ids = all("[id]").map((each) => each.id);
    for (const id of ids) must(ids.indexOf(id) === ids.lastIndexOf(id), `twice: #${id}`);
    for (const link of all("a")) {
      const to = link.getAttribute("href");
      must(link.textContent.trim() && to, `an empty link ${to}`);
      if (to.startsWith("#")) must(document.getElementById(to.slice(1)), `no target ${to}`);
    }
    for (const svg of all("svg")) {
      if (svg.getAttribute("aria-hidden") === "true") {
        must(svg.parentElement.textContent.trim(), `a hidden picture without words ${told(svg)}`);
        continue;
      }
      const words = (name) => svg.querySelector(`:scope > ${name}`);
      must(svg.getAttribute("role") === "img", "a picture without a role");
      must(words("title")?.textContent.trim(), `no title ${told(svg)}`);
      must(words("desc")?.textContent.trim(), `no desc ${told(svg)}`);
      const names = (svg.getAttribute("aria-labelledby") || "").split(" ");
      must(names.every((id) => svg.querySelector(`[id="${id}"]`)), "its name is elsewhere");
    }
    for (const table of all("table")) {
      must(table.caption?.textContent.trim(), `no caption ${told(table)}`);
      must(all("thead th", table).length, `no head ${told(table)}`);
      for (const th of all("th", table)) must(th.getAttribute("scope"), `no scope ${told(th)}`);
      for (const row of all("tbody tr", table)) {
        must(row.querySelector("th[scope=row], td[colspan]"), `a row without a head ${told(row)}`);
      }
    }
    for (const list of all("ul, dl")) must(list.children.length, `an empty list ${told(list)}`);
    return wrong;
  };

  const wide = () => {
    const room = document.documentElement.clientWidth;
    const wrong = [];
    if (document.documentElement.scrollWidth > room) wrong.push(`the page scrolls sideways`);
    for (const each of document.querySelectorAll("body *")) {
      if (!seen(each) || each.closest(".scroll, svg, thead, .skip")) continue;
      if (each.getBoundingClientRect().right > room + 0.5) wrong.push(`too wide: ${told(each)}`);
    }
    return wrong;
  };

  return { texts, drawings, structure, wide };
})()
