// Dialogs out of templates. Inside a form no other form may stand, so buttons with data-close end a dialog.

/** A copy of `drawn` in the page for as long as it is open; its returnValue is that of the button. */
export function dialogOf(drawn) {
  const dialog = drawn.cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-close]");
    if (button) dialog.close(button.dataset.close);
  });
  return dialog;
}
