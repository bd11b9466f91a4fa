// Sends files as soon as they are chosen and shows how far they are. The answer is the page itself, whose main part
// is put in place of the present one. Without this script the form has a button and does the same.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js"

const ANNOUNCED = [25, 50, 75] // per cent: often enough to be calm, seldom enough to be heard out

start()

function start() {
  const form = document.querySelector("[data-upload]")
  if (!form) return
  const input = form.querySelector("input[type=file]")
  form.querySelector("[data-without-script]").hidden = true
  form.querySelector("[data-with-script]").hidden = false
  input.addEventListener("change", () => {
    if (input.files.length) send(form, input)
  })
}

function send(form, input) {
  const shown = progress(form)
  const request = new XMLHttpRequest()
  request.open("POST", form.action)
  request.setRequestHeader("Accept", "text/html")
  request.responseType = "document"
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) shown.at(Math.round((100 * event.loaded) / event.total))
  })
  request.upload.addEventListener("load", () => shown.say(form.dataset.sent))
  request.addEventListener("load", () => arrived(request, shown))
  request.addEventListener("error", () => shown.failed())
  request.addEventListener("timeout", () => shown.failed())
  request.send(body(form, input))
  input.disabled = true
  shown.say(form.dataset.sending)
}

// A file over the limit would be refused after minutes of sending: only its name goes, and the answer is the same.
function body(form, input) {
  const data = new FormData(form)
  const large = [...input.files].filter((file) => file.size > Number(form.dataset.maxBytes))
  if (large.length) data.delete(input.name)
  for (const file of large) data.append("too_large", file.name)
  return data
}

function progress(form) {
  const box = form.querySelector("[data-progress]")
  const bar = box.querySelector("progress")
  const words = box.querySelector("[data-words]")
  const status = form.querySelector("[data-announce]")
  let announced = 0
  bar.value = 0
  bar.hidden = false
  box.hidden = false
  const say = (text) => {
    words.textContent = `${text}.`
    status.textContent = `${text}.`
  }
  return {
    say,
    at(percent) {
      bar.value = percent
      const passed = ANNOUNCED.filter((step) => step <= percent).pop() ?? 0
      if (passed > announced) status.textContent = `${passed}% sent.`
      announced = Math.max(announced, passed)
    },
    failed() {
      const input = form.querySelector("input[type=file]")
      bar.hidden = true
      words.textContent = status.textContent = form.dataset.failed
      input.disabled = false
      input.value = ""
    },
  }
}

function arrived(request, shown) {
  const page = request.response
  const main = page?.getElementById("main-content")
  if (!main || request.status >= 500) return shown.failed()
  if (new URL(request.responseURL).pathname !== window.location.pathname) {
    return window.location.assign(request.responseURL) // signed out meanwhile
  }
  document.title = page.title
  document.getElementById("main-content").replaceWith(document.adoptNode(main))
  document.dispatchEvent(new Event("session:extended"))
  initAll({ scope: main }) // moves the focus to the errors, if there are any
  if (!main.querySelector(".govuk-error-summary")) main.querySelector("[role=alert]")?.focus()
  start()
}
