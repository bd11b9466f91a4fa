// Shows at once what a form adds up to. A form with data-live sends itself there, unsaved, whenever it changes; the
// answer replaces the element that data-live-into names. Without script the same stands on the page after saving.
const WAIT = 250

for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.liveInto)
  let timer
  let latest = 0
  form.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const number = ++latest
      try {
        const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form) })
        if (answer.ok && number === latest) into.innerHTML = await answer.text()
      } catch {
        // Out of reach: saving says so.
      }
    }, WAIT)
  })
}
