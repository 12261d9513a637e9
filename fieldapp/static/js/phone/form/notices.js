// What stands in the place of the form, and links that stay within the page.

/** Words in the place of the form: the page's <template data-notice-name>. Gives the place. */
export function say({ root, settings }, name) {
  const notice = root.querySelector("[data-notice]");
  notice.replaceChildren(root.querySelector(`template[data-notice-${name}]`).content.cloneNode(true));
  root.querySelector("[data-waiting]").hidden = true;
  notice.hidden = false;
  const heading = notice.querySelector("h1");
  document.title = `${heading.textContent} - ${settings.title}`;
  heading.focus();
  window.scrollTo(0, 0);
  return notice;
}

/** The form cannot be opened, or its rules broke. */
export function broken({ root, texts }, error) {
  console.warn("fieldapp: form", error);
  const line = root.querySelector("[data-said]");
  line.closest("[data-waiting]").hidden = false;
  line.textContent = error?.name === "NoStorage" ? texts.textNoStorage : texts.textBroken;
}

export const hush = ({ root }) => { root.querySelector("[data-notice]").hidden = true; };

/** Links within the page never change the address: it says which draft this is. */
export function followInPage(event, draft) {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  if ("another" in link.dataset) {
    history.replaceState(null, "", `#nieuw${draft?.round ? `&ronde=${encodeURIComponent(draft.round)}` : ""}`);
    location.reload();
    return;
  }
  const target = document.getElementById(link.hash.slice(1));
  target?.focus();
  target?.scrollIntoView();
}
