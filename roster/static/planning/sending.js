// The board's changes on their way to the service: one after the other, each kept on the page until it is answered.
// What gets no answer is sent again. Nothing is done twice by that: a cell's stamp and a step's number tell the service
// what it has done already.

const AGAIN = 5000;
const UNREACHABLE = new Set([0, 502, 503, 504]);

export const isUnreachable = (status) => UNREACHABLE.has(status);

// `linkOf(key)`: the link of a cell as it is now on the page; `say(text)`: in the status line.
export function sender({ form, linkOf, say }) {
  const waiting = [];           // {action, cells: [{key, value, stamp}]}, the first one is being sent
  const before = new WeakMap(); // what stood in a link before its change was shown
  let sending = false, again = 0, cutOff = false;
  let refused = [];             // what was said of those that were refused

  function show(change) {
    for (const { key, value } of change.cells) {
      const link = linkOf(key);
      if (!link) continue;
      if (!before.has(link)) before.set(link, { nodes: [...link.childNodes], label: link.ariaLabel });
      link.parentElement.classList.add("unsent");
      if (change.action === "set" && !value.startsWith("=")) link.replaceChildren(value || "–");
      link.ariaLabel = `${link.textContent}, not saved yet`;
    }
  }

  function hide(change) {  // rows that an answer brought anew have forgotten it
    for (const { key } of change.cells) {
      const link = linkOf(key), old = link && before.get(link);
      if (!old) continue;
      before.delete(link);
      link.parentElement.classList.remove("unsent");
      link.replaceChildren(...old.nodes);
      link.ariaLabel = old.label;
    }
  }

  function sayWaiting() {
    const many = waiting.length === 1 ? "1 change is" : `${waiting.length} changes are`;
    say(`The service cannot be reached. ${many} kept on this page and saved as soon as it answers. Leave the page open.`);
  }

  function answer(change) {
    const step = document.querySelector(`#board-steps [value="${change.action}"]`)?.dataset.step ?? "";
    change.step ??= step;  // the same each time that it is sent
    const cells = change.cells.map(({ key, value, stamp }) => `${key.replace(".", " ")} ${stamp} ${value}`).join("\n");
    return new Promise((resolve) => {
      form.addEventListener("htmx:afterRequest", (event) => resolve(event.detail.xhr.status), { once: true });
      const values = { do: change.action, step: change.step, cells };
      window.htmx.ajax("POST", form.action, { source: form, swap: "none", values }).catch(() => {});
    });
  }

  async function next() {
    if (sending || !waiting.length) return;
    clearTimeout(again);
    const change = waiting[0];
    sending = true;
    const status = await answer(change);
    sending = false;
    if (isUnreachable(status)) {
      cutOff = true;
      again = setTimeout(next, AGAIN);
      return sayWaiting();
    }
    waiting.shift();
    hide(change);
    if (status === 401) return drop("You are signed out, so", "Load the page again to sign in.", change);
    if (status === 409) refused.push(...document.getElementById("board-status").cloneNode(true).childNodes);
    else if (status >= 400) return drop("Something went wrong, so", "Load the page again.", change);
    else follow(change);
    waiting.forEach(show);
    if (waiting.length) next(); else done();
  }

  function follow(change) {  // a later change of the same cell was made in view of this one
    for (const { key } of change.cells)
      for (const cell of waiting.flatMap((later) => later.cells))
        if (cell.key === key) cell.stamp = linkOf(key)?.dataset.stamp ?? cell.stamp;
  }

  function done() {
    if (refused.length) document.getElementById("board-status").replaceChildren(...refused);
    else if (cutOff) say("The service answers again. Everything that you changed is saved.");
    refused = [];
    cutOff = false;
  }

  function drop(why, then, change) {
    waiting.slice().reverse().forEach(hide);
    const lost = [change, ...waiting].length;
    waiting.length = 0;
    refused = [];
    cutOff = false;
    say(`${why} ${lost === 1 ? "the change was" : `${lost} changes were`} not saved. ${then}`);
  }

  window.addEventListener("online", next);
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });

  return function send(action, cells) {
    const last = waiting.at(-1);
    if (action === "undo" && waiting.length > 1 && last.action !== "undo" && last.action !== "redo") {
      waiting.pop();  // nobody has heard of it
      hide(last);
      waiting.forEach(show);
      return cutOff ? sayWaiting() : say("Undone before it was saved.");
    }
    waiting.push({ action, cells });
    show(waiting.at(-1));
    if (cutOff) sayWaiting();
    next();
  };
}
