// The map that moves: the mission's own outlines, what was seen, and tiles of what was reported.

import { STATES, hatching, picture } from "./marks.mjs";
import { calm, dark, dressed, value } from "./slow.mjs";

const EMPTY = { type: "FeatureCollection", features: [] };
const SINGLE = ["coalesce", ["get", "state"], "reported"];

const count = (state) => ["to-string", ["coalesce", ["get", state], 0]];
const OTHERS = ["unverifiable", "refuted", "exempt", "duplicate", "superseded"];
const MIXED = ["concat", "m", ...STATES.slice(0, 4).flatMap((s) => ["|", count(s)]), "|",
  ["to-string", ["+", ...OTHERS.map((state) => ["coalesce", ["get", state], 0])]]];

/** Opens it over the drawing that stands in `place`; the drawing stays where that fails. */
export async function open(place) {
  const { library, style, ground, bounds, label } = place.dataset;
  const [ml, , answer] = await Promise.all([
    import(library), dressed(style), fetch(ground),
  ]);
  if (!answer.ok) return;
  const known = await answer.json();
  const frame = document.createElement("div");
  frame.className = "frame";
  place.append(frame);
  place.classList.add("moving");
  const [west, south, east, north] = bounds.split(",").map(Number);
  const map = new ml.Map({
    container: frame,
    style: look(place, known),
    bounds: [[west, south], [east, north]],
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: calm.matches ? 0 : 200,
    maxZoom: 14,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new ml.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ml.ScaleControl({ maxWidth: 120 }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", label);
  map.setMissingStyleImageResolver((id) => draw(map, id));
  map.once("idle", () => place.setAttribute("data-ready", ""));
  place.addEventListener("day", () => {
    map.getSource("regions").setData(seen(known, place.dataset.day));
    map.getSource("incidents").setTiles([tiles(place)]);
  });
  dark.addEventListener("change", () => map.setStyle(look(place, known), { diff: false }));
  pointing(map, ml, place);
}

/** The tiles of what the page beside the map asks for, its days included. */
function tiles(place) {
  return new URL(place.dataset.tiles.replaceAll("{", "%7B").replaceAll("}", "%7D"), location.origin)
    .href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

/** The regions with what was seen of them, on a day or over all days. */
function seen(known, day) {
  const sights = day ? (known.sights[day] ?? {}) : known.over;
  return {
    ...known.regions,
    features: known.regions.features.map((each) => ({
      ...each,
      properties: { ...each.properties, sight: sights[each.properties.code] ?? "not looked at" },
    })),
  };
}

function look(place, known) {
  const sight = ["get", "sight"];
  const short = ["slice", ["get", "name"], 0, ["-", ["length", ["get", "name"]], ["length", ["get", "tail"]]]];
  return {
    version: 8,
    sources: {
      regions: { type: "geojson", data: seen(known, place.dataset.day) },
      names: { type: "geojson", data: named(known.regions) },
      zones: { type: "geojson", data: known.zones ?? EMPTY },
      incidents: { type: "vector", tiles: [tiles(place)], maxzoom: 12 },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": value("--card") } },
      {
        id: "regions", type: "fill", source: "regions",
        paint: { "fill-color": ["match", sight, ["reported", "partly unobserved"], value("--seen"), value("--land")] },
      },
      {
        id: "unseen", type: "fill", source: "regions",
        filter: ["in", sight, ["literal", ["unobserved", "not looked at"]]],
        paint: { "fill-pattern": "hatch|12" },
      },
      {
        id: "part", type: "fill", source: "regions", filter: ["==", sight, "partly unobserved"],
        paint: { "fill-pattern": "hatch|28" },
      },
      {
        id: "borders", type: "line", source: "regions",
        paint: { "line-color": value("--border"), "line-width": 0.9 },
      },
      {
        id: "zones", type: "line", source: "zones",
        paint: { "line-color": value("--accent"), "line-width": 1.6, "line-dasharray": [3, 2] },
      },
      {
        id: "names", type: "symbol", source: "names",
        layout: {
          "text-field": short, "text-font": ["sans-serif"], "text-size": 12, "text-max-width": 9,
          // They stand aside for the marks, which are placed before them.
          "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
          "text-radial-offset": 0.9, "text-justify": "auto", "text-padding": 1,
        },
        paint: { "text-color": value("--soft"), "text-halo-color": value("--card"), "text-halo-width": 1.4 },
      },
      {
        id: "incidents", type: "symbol", source: "incidents", "source-layer": "incidents",
        layout: {
          "icon-image": ["case", ["has", "id"], ["concat", "s|", SINGLE], MIXED],
          "icon-allow-overlap": true,
          "icon-padding": 0,
        },
      },
    ],
  };
}

/** One point a region for its name, in the middle of its largest part. */
function named(regions) {
  const ends = regions.features.map((each) => each.properties.name.split(" ").slice(1).join(" "));
  const tail = (name) => {
    const end = name.split(" ").slice(1).join(" ");
    return end && ends.filter((each) => each === end).length > 1 ? ` ${end}` : "";
  };
  return {
    type: "FeatureCollection",
    features: regions.features.map(({ properties, geometry }) => ({
      type: "Feature",
      properties: { name: properties.name, tail: tail(properties.name) },
      geometry: { type: "Point", coordinates: middle(geometry.coordinates) },
    })),
  };
}

function middle(parts) {
  let best = [0, [0, 0]];
  for (const [ring] of parts) {
    let twice = 0;
    let x = 0;
    let y = 0;
    for (let at = 0; at + 1 < ring.length; at += 1) {
      const [[x1, y1], [x2, y2]] = [ring[at], ring[at + 1]];
      const cross = x1 * y2 - x2 * y1;
      twice += cross;
      x += (x1 + x2) * cross;
      y += (y1 + y2) * cross;
    }
    if (Math.abs(twice) > best[0]) best = [Math.abs(twice), [x / (3 * twice), y / (3 * twice)]];
  }
  return best[1];
}

function draw(map, id) {
  if (map.hasImage(id)) return;
  const [kind, ...parts] = id.split("|");
  if (kind === "hatch") {
    map.addImage(id, hatching(Number(parts[0])));
    return;
  }
  const counts = kind === "s"
    ? { [STATES.includes(parts[0]) ? parts[0] : "other"]: 1 }
    : Object.fromEntries(STATES.map((state, at) => [state, Number(parts[at])]));
  if (!STATES.some((state) => counts[state] > 0)) counts.reported = 1;
  const { image, ratio } = picture(counts);
  map.addImage(id, image, { pixelRatio: ratio });
}

function pointing(map, ml, place) {
  const known = JSON.parse(place.dataset.words);
  const tip = new ml.Popup({ closeButton: false, closeOnClick: false, offset: 12, maxWidth: "16rem" });
  map.on("mousemove", "incidents", ({ features: [mark] }) => {
    map.getCanvas().style.cursor = "pointer";
    const { id, n, state, likelihood } = mark.properties;
    const words = id ? [state, likelihood].filter(Boolean).map((each) => known[each] ?? each).join(", ") : `${n} ${place.dataset.count}`;
    tip.setLngLat(mark.geometry.coordinates).setText(words).addTo(map);
  });
  map.on("mouseleave", "incidents", () => {
    map.getCanvas().style.cursor = "";
    tip.remove();
  });
  map.on("click", "incidents", ({ features: [mark] }) => {
    const { id, stacked } = mark.properties;
    const [lon, lat] = mark.geometry.coordinates;
    if (id) location.href = `/incidents/${encodeURIComponent(id)}`;
    else if (stacked || map.getZoom() >= map.getMaxZoom()) location.href = listOf(lon, lat, place.dataset.day);
    else {
      const to = { center: [lon, lat], zoom: map.getZoom() + 2 };
      if (calm.matches) map.jumpTo(to);
      else map.easeTo(to);
    }
  });
}

function listOf(lon, lat, day) {
  const asked = new URLSearchParams(location.search);
  const side = 0.03;
  asked.set("box", [lon - side, lat - side, lon + side, lat + side].map((x) => x.toFixed(3)).join(","));
  if (day) {
    asked.set("from", day);
    asked.set("to", day);
  }
  return `/incidents?${asked}`;
}
