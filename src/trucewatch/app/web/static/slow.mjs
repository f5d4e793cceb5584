// Whether a heavy library is fetched only when somebody asks for it.

/** True where the browser says that data are dear or the line is slow. */
export function sparing() {
  const line = navigator.connection;
  if (!line) return false;
  return Boolean(line.saveData) || ["slow-2g", "2g", "3g"].includes(line.effectiveType);
}

/** Calls back once an element is about to be seen. */
export function whenSeen(element, call) {
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((each) => each.isIntersecting)) {
      watch.disconnect();
      call();
    }
  }, { rootMargin: "200px" });
  watch.observe(element);
}

/** Adds a style sheet of the site itself and waits for it. */
export function dressed(address) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = done;
    link.onerror = failed;
    document.head.append(link);
  });
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const dark = matchMedia("(prefers-color-scheme: dark)");

/** A colour or other value of the style sheet, as it is in force now. */
export function value(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
