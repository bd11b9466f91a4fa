// The keyboard of the planning board: move, choose, type, copy, paste, fill, undo. Changes go to the service by
// sending.js; the answer replaces the rows concerned (planning/edited.html).

import { isUnreachable, sender } from "./sending.js";

const board = document.getElementById("board");
const form = document.getElementById("board-form");
const mayEdit = board?.dataset.edit === "yes";
const codes = new Set((board?.dataset.codes ?? "").toUpperCase().split(" ").filter(Boolean));
let here = null;      // the cell with the focus, as "person.day"
let anchor = null;    // where choosing several began
let copied = null;    // {text, keys}: what was copied here, so that days without a code can be pasted too
const AWAY = "The service cannot be reached just now. What you change is kept on this page until it answers.";
let typed = null;     // {text, keys, timer}: letters that may be the beginning of a longer code, and where

const links = () => [...board.querySelectorAll("tbody:not(.more) tr")].map((row) => [...row.querySelectorAll("td a[data-stamp]")]);
const keyOf = (link) => `${link.closest("tr").id.slice("person-".length)}.${link.dataset.day}`;
const linkOf = (key) => {
  const [person, day] = (key ?? "").split(".");
  return document.querySelector(`#person-${person} a[data-day="${day}"]`);
};

function place(key) {
  const grid = links();
  for (const [row, cells] of grid.entries()) {
    const column = cells.findIndex((link) => keyOf(link) === key);
    if (column >= 0) return { grid, row, column };
  }
  return { grid, row: 0, column: 0 };
}

function chosen() {
  const to = place(here);
  const from = anchor ? place(anchor) : to;
  const [top, bottom] = [Math.min(from.row, to.row), Math.max(from.row, to.row)];
  const [left, right] = [Math.min(from.column, to.column), Math.max(from.column, to.column)];
  return to.grid.slice(top, bottom + 1).map((cells) => cells.slice(left, right + 1));
}

function show() {
  for (const cell of board.querySelectorAll(".chosen")) cell.classList.remove("chosen");
  if (anchor) for (const link of chosen().flat()) link.parentElement.classList.add("chosen");
}

function settle() {  // one stop for the Tab key in the whole grid
  const all = board.querySelectorAll("td a[data-stamp]");
  for (const link of all) link.tabIndex = -1;
  const current = linkOf(here) ?? all[0];
  if (current) { current.tabIndex = 0; here = keyOf(current); }
  show();
}

function move(rows, columns, extend) {
  const { grid, row, column } = place(here);
  const next = grid[Math.max(0, Math.min(grid.length - 1, row + rows))];
  const link = next?.[Math.max(0, Math.min(next.length - 1, column + columns))];
  if (!link) return;
  if (extend) anchor ??= here; else anchor = null;
  here = keyOf(link);
  settle();
  link.focus();
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function say(text) { document.getElementById("board-status").textContent = text; }

const deliver = form && sender({ form, linkOf, say });

function send(action, changes) {
  if (!mayEdit) return say("You may look at this plan, not change it.");
  deliver(action, changes.map(([link, value]) => ({ key: keyOf(link), value, stamp: link.dataset.stamp })));
}

const set = (value) => send("set", chosen().flat().map((link) => [link, value]));
const code = (link) => link.firstChild.textContent.trim().replace("–", "");

function copy(event) {
  const area = chosen();
  const text = area.map((cells) => cells.map(code).join("\t")).join("\n");
  copied = { text, keys: area.map((cells) => cells.map(keyOf)) };
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
  say(`${area.flat().length} copied.`);
}

function paste(event) {
  const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
  const values = copied && copied.text === text
    ? copied.keys.map((row) => row.map((key) => `=${key}`))
    : text.split("\n").map((line) => line.split("\t"));
  event.preventDefault();
  const area = chosen();
  const { grid, row, column } = place(keyOf(area[0][0]));
  const height = Math.max(area.length, values.length), width = Math.max(area[0].length, values[0].length);
  const changes = [];
  for (let down = 0; down < height; down++) {
    for (let along = 0; along < width; along++) {
      const link = grid[row + down]?.[column + along];
      const source = values[down % values.length];
      if (link) changes.push([link, source[along % source.length] ?? ""]);
    }
  }
  send("set", changes);
}

function fill() {  // every row gets what stands in its first chosen cell; one column: downwards
  const area = chosen();
  const downwards = area[0].length === 1;
  send("set", area.flatMap((cells) => cells.map((link) => [link, `=${keyOf(downwards ? area[0][0] : cells[0])}`])));
}

function type(letter) {
  const text = (typed?.text ?? "") + letter.toUpperCase();
  const keys = typed?.keys ?? chosen().flat().map(keyOf);
  clearTimeout(typed?.timer);
  const longer = [...codes].some((each) => each !== text && each.startsWith(text));
  typed = { text, keys, timer: longer ? setTimeout(finish, 800) : 0 };
  if (!longer) finish();
}

function finish() {  // the letters are a code now, of the cells in which they were typed
  if (!typed) return;
  const { text, keys, timer } = typed;
  clearTimeout(timer);
  typed = null;
  if (codes.has(text)) send("set", keys.map(linkOf).filter(Boolean).map((link) => [link, text]));
  else say(`There is no shift “${text}”.`);
}

function look(link) {
  if (!document.getElementById("cell-pane") || !window.htmx) return false;
  window.htmx.ajax("GET", link.getAttribute("href"), { target: "#cell-pane", swap: "innerHTML" })
    .then(() => document.getElementById("cell-pane").focus());
  return true;
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0],
                PageDown: [15, 0], Home: [0, -999], End: [0, 999] };
const CHORDS = { z: () => send("undo", []), y: () => send("redo", []), d: fill, l: lock };

function lock() {
  const all = chosen().flat();
  const action = all.every((link) => link.parentElement.classList.contains("locked")) ? "unlock" : "lock";
  send(action, all.map((link) => [link, ""]));
}

function pressed(event) {
  if (!event.target.closest("td a[data-stamp]")) return;
  const chord = CHORDS[event.key.toLowerCase()];
  const letter = /^[a-z0-9]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!letter) finish();
  if ((event.ctrlKey || event.metaKey) && chord) chord();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (MOVES[event.key]) move(...MOVES[event.key], event.shiftKey);
  else if (event.key === "Delete" || event.key === "Backspace") set("");
  else if (event.key === "Escape") { anchor = null; show(); }
  else if (letter) type(event.key);
  else return;
  event.preventDefault();
}

function clicked(event) {
  finish();
  const need = event.target.closest("tfoot a");
  if (need && !event.ctrlKey && !event.metaKey && !event.button && look(need)) return event.preventDefault();
  const link = event.target.closest("td a[data-stamp]");
  if (!link || event.ctrlKey || event.metaKey || event.button) return;
  if (event.shiftKey) { anchor ??= here; here = keyOf(link); settle(); event.preventDefault(); return; }
  here = keyOf(link); anchor = null;
  settle();
  if (look(link)) event.preventDefault();
}

if (board && form) {
  board.setAttribute("role", "grid");
  for (const hint of document.querySelectorAll(".board-keys")) hint.hidden = false;
  settle();
  board.addEventListener("keydown", pressed);
  board.addEventListener("click", clicked);
  board.addEventListener("focusin", (event) => {
    const link = event.target.closest("td a[data-stamp]");
    if (link && keyOf(link) !== here) { here = keyOf(link); settle(); }
  });
  board.addEventListener("copy", copy);
  board.addEventListener("paste", paste);
  let focused = false;
  let waiting = 0;  // an answer may hold hundreds of rows and cells: the grid is settled once, after all of them
  const settleSoon = () => {
    waiting ||= setTimeout(() => { waiting = 0; settle(); if (focused) linkOf(here)?.focus(); });
  };
  document.addEventListener("htmx:beforeSwap", () => { focused = board.contains(document.activeElement); });
  document.addEventListener("htmx:afterSettle", settleSoon);
  document.addEventListener("htmx:oobAfterSwap", settleSoon);
  form.addEventListener("submit", (event) => { event.preventDefault(); send(event.submitter.value, []); });
  const unanswered = (event) => {  // what follows a change is said by sending.js
    if (event.detail.elt === form) return;
    const { status } = event.detail.xhr;
    if (isUnreachable(status)) say(AWAY);
    else say(status === 401 ? "You are signed out. Load the page again to sign in." : "This could not be shown. Load the page again.");
  };
  for (const name of ["sendError", "timeout", "responseError"]) document.addEventListener(`htmx:${name}`, unanswered);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && document.getElementById("board-status").textContent === AWAY) say("The service answers again.");
  });
}
