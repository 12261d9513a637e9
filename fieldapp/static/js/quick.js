// A tap on an answer goes on at once; with keys people choose first and go on themselves.

export default class Quick {
  constructor(element) {
    const next = element.closest("form")?.querySelector('button[name="form/step"][value="next"]');
    if (!next) return;
    let tapped = false;
    element.addEventListener("pointerup", (event) => {
      tapped = Boolean(event.target.closest("label"));
    });
    element.addEventListener("keydown", () => { tapped = false; });
    element.addEventListener("change", (event) => {
      if (tapped && event.target.type === "radio") next.form.requestSubmit(next);
    });
  }
}
