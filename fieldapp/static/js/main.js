// Starts one class per [data-module]: <div data-module="photo" data-src="/static/js/photo.js?v=1">.
// Each module's default export is a class taking the element. A module that is not supported here
// stays silent and the plain form goes on working.

export async function start(root = document) {
  const elements = [...root.querySelectorAll("[data-module][data-src]")];
  for (const { dataset } of elements) import(dataset.src).catch(() => {}); // all under way, begun in order
  for (const element of elements) {
    if (element.dataset.started) continue;
    element.dataset.started = "yes";
    try {
      const module = await import(element.dataset.src);
      const Module = module.modules?.[element.dataset.module] ?? module.default; // a bundle holds several
      if (Module.supported?.() === false) continue;
      new Module(element);
    } catch (error) {
      console.warn(`fieldapp: ${element.dataset.module} did not start`, error);
    }
  }
}

// Menus close at Escape and at a click beside them, as people expect.
const menus = ".fa-account[open], .fa-languages__menu[open]";

function begin() {
  document.documentElement.classList.add("js");
  // After a failed post the list of what is wrong comes first, also for who cannot see it.
  document.querySelector("[data-error-summary]")?.focus();
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(menus)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(menus)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  start();
}

if (globalThis.document) begin(); // in the worker it lies in one bundle with what is used there
