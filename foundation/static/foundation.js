// Starts the GOV.UK components and the time-out dialogue. Every page works without it.
import { initAll } from "./vendor/govuk-frontend/govuk-frontend.min.js"

// ARIA knows no expanded radio. What an answer reveals follows right below it, so nothing is lost by not saying so.
new MutationObserver((changes) => {
  for (const { target } of changes) if (target.matches("input[type=radio]")) target.removeAttribute("aria-expanded")
}).observe(document.body, { subtree: true, attributeFilter: ["aria-expanded"] })

initAll()

const SECOND = 1000
const GRACE_SECONDS = 3 // the server must have ended the session before the browser says so
const LAST_CONTACT = "last-contact" // shared by all tabs: a page opened in one prolongs the session of all

// Other scripts that reach the server (drafts) dispatch "session:extended" on the document.
const dialog = document.getElementById("time-out")
if (dialog && typeof dialog.showModal === "function") watchTime(dialog)

function watchTime(dialog) {
  const warning = Number(dialog.dataset.warningSeconds)
  const idle = Number(dialog.dataset.idleSeconds)
  const remaining = dialog.querySelector("[data-remaining]")
  const status = dialog.querySelector("[data-announce]")
  const own = { last: 0 }

  const touch = () => {
    own.last = Date.now()
    try {
      localStorage.setItem(LAST_CONTACT, String(own.last))
    } catch {
      // Storage may be switched off: this tab then counts alone.
    }
  }

  const lastContact = () => {
    try {
      return Math.max(own.last, Number(localStorage.getItem(LAST_CONTACT)) || 0)
    } catch {
      return own.last
    }
  }

  const leave = () => window.location.assign(dialog.dataset.timedOut)

  const stay = async () => {
    try {
      const answer = await fetch(dialog.dataset.keepAlive, { headers: { Accept: "application/json" } })
      if (answer.status === 401) return leave()
      if (!answer.ok) throw new Error(String(answer.status))
      touch()
      dialog.close()
    } catch {
      status.classList.remove("govuk-visually-hidden")
      status.textContent = "We could not reach the service. Check your connection and try again."
    }
  }

  const show = (left) => {
    const words = inWords(left)
    if (remaining.textContent !== words) remaining.textContent = words
    if (dialog.open) {
      if (left > 0 && left % 60 === 0) status.textContent = `We will sign you out in ${words}.`
      return
    }
    status.textContent = ""
    status.classList.add("govuk-visually-hidden")
    dialog.showModal()
    dialog.querySelector("#time-out-title").focus()
  }

  const tick = () => {
    const elapsed = Math.floor((Date.now() - lastContact()) / SECOND)
    if (elapsed >= idle + GRACE_SECONDS) leave()
    else if (elapsed >= warning) show(Math.max(0, idle - elapsed))
    else if (dialog.open) dialog.close()
  }

  dialog.querySelector("[data-stay]").addEventListener("click", stay)
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault()
    stay()
  })
  document.addEventListener("session:extended", touch)
  touch()
  setInterval(tick, SECOND)
}

function inWords(seconds) {
  const [count, unit] = seconds > 60 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"]
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}
