// Keeps what a person types in a form[data-draft] on the server, and in this browser until the server has it.
// The other half, and the reasons: foundation/drafts.py, docs/adr/0005-drafts.md. Every page works without it.

const SEND_AFTER = 1500 // at most two seconds behind, with the way to the server
const TRY_AGAIN_AFTER = 5000
const PATIENCE = 4000
const COPY_LIFE = 24 * 3600 * 1000
const MOST_ON_LEAVING = 60000 // browsers send no more than 64 KiB for a page that is left
const PREFIX = "draft:"
const LEFT_OUT = ["csrfmiddlewaretoken", "draft-sequence"]

const user = document.body.dataset.user
const form = document.querySelector("form[data-draft]")
const copies = browserCopies()

copies.forgetOld()
if (document.body.dataset.draftSaved) copies.forget(document.body.dataset.draftSaved)
const page = user && form && form.dataset.draft === user ? keepDraft(form) : null

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return
  page?.leave()
  page?.finish()
  copies.forgetAll()
})

// The copies in this browser: one for each person and page.
function browserCopies() {
  const key = (path) => `${PREFIX}${user}:${path}`

  const calmly = (action, otherwise = null) => {
    try {
      return action()
    } catch {
      return otherwise // storage may be switched off or full, or hold nonsense
    }
  }

  const ours = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
  const read = (name) => calmly(() => JSON.parse(localStorage.getItem(name)))

  return {
    write: (path, copy) => calmly(() => (localStorage.setItem(key(path), JSON.stringify(copy)), true), false),
    read: (path) => read(key(path)),
    forget: (path) => calmly(() => localStorage.removeItem(key(path))),
    forgetAll: () => calmly(() => ours().filter((name) => name.startsWith(key(""))).forEach((name) => localStorage.removeItem(name))),
    forgetOld: () => calmly(() => ours().forEach((name) => {
      if (!(read(name)?.at > Date.now() - COPY_LIFE)) localStorage.removeItem(name)
    })),
  }
}

function keepDraft(form) {
  const path = window.location.pathname
  const tell = teller()
  let newest = Number(form.dataset.draftSequence) || 0 // the newest that is known of this page, here or on the server
  let changed = 0 // the last change here; sent up to "kept"
  let kept = 0
  let timer = 0
  let retry = 0
  let sending = false
  let finished = false // saved, discarded or signed out: nothing more is sent

  const next = () => (newest = Math.max(Date.now(), newest + 1))

  const fields = () => {
    const hidden = [...form.elements].filter((field) => field.type === "password").map((field) => field.name)
    const all = [...new FormData(form)]
    return all.filter(([name, value]) => typeof value === "string" && ![...LEFT_OUT, ...hidden].includes(name))
  }

  const remember = () => copies.write(path, { sequence: changed, at: Date.now(), fields: fields() })

  const touch = () => {
    finished = false
    changed = next()
    if (!timer) timer = setTimeout(send, SEND_AFTER)
  }

  const rest = () => {
    clearTimeout(timer)
    clearTimeout(retry)
    timer = retry = 0
  }

  // The copy is written before anything is sent, and goes when the server has said that it has it.
  const send = async () => {
    rest()
    if (finished || kept >= changed) return
    const stored = remember()
    if (sending) return
    sending = true
    const sent = changed
    const answer = await post(sent)
    sending = false
    if (!finished) settle(answer, sent, stored)
  }

  const settle = (answer, sent, stored) => {
    if (answer.status === 204) {
      kept = sent
      document.dispatchEvent(new Event("session:extended"))
      tell("kept", `Draft kept at ${clock(Date.now())}.`)
      if (changed === sent) copies.forget(path)
      else if (!timer) timer = setTimeout(send, SEND_AFTER)
    } else if (answer.status === 409 && answer.sequence >= newest) {
      newest = answer.sequence // kept from another tab or another device: what is typed now is newer
      changed = next()
      send()
    } else if (answer.status === 413) {
      tell("large", "This page is too long to keep as a draft. Save it soon.")
    } else {
      const where = stored ? "What you type is kept in this browser." : "Keep this page open."
      const why = answer.status === 401 ? "You have been signed out." : "We cannot reach the service just now."
      tell("away", `${why} ${where}`)
      retry = setTimeout(send, TRY_AGAIN_AFTER)
    }
  }

  const post = async (sequence, leaving = false) => {
    const body = new URLSearchParams(fields())
    body.set("draft-page", path)
    body.set("draft-user", user)
    body.set("draft-sequence", sequence)
    body.set("csrfmiddlewaretoken", token())
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "error",
        ...(leaving && body.toString().length < MOST_ON_LEAVING ? { keepalive: true } : { signal: AbortSignal.timeout(PATIENCE) }),
      })
      const known = answer.status === 409 ? await answer.json() : {}
      return { status: answer.status, sequence: known.sequence }
    } catch {
      return { status: 0 }
    }
  }

  // A sign-in in another tab changes the token: the cookie has the present one.
  const token = () => {
    const name = `${form.dataset.draftCsrf}=`
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(name))
    return cookie ? cookie.slice(name.length) : form.elements.csrfmiddlewaretoken.value
  }

  // Nobody waits for the answer: if it never came, the copy is compared with the server's draft on return.
  const leave = () => {
    if (finished || kept >= changed) return
    const sent = changed
    remember()
    post(sent, true).then((answer) => {
      if (answer.status !== 204) return
      kept = Math.max(kept, sent)
      if (changed === sent) copies.forget(path)
    })
  }

  const finish = () => {
    rest()
    finished = true
  }

  // The server notes how new the saved page is, so that a draft that arrives after it is not taken for newer.
  const mark = (target) => {
    let field = target.elements["draft-sequence"]
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft-sequence" })
      target.append(field)
    }
    changed ||= newest // not "now": another tab may hold something newer that is not saved
    field.value = changed
  }

  const fill = (given) => {
    const values = new Map()
    for (const [name, value] of given) values.set(name, [...(values.get(name) ?? []), value])
    for (const field of form.elements) {
      const typed = values.get(field.name)
      if (!field.name || LEFT_OUT.includes(field.name) || ["file", "password", "submit"].includes(field.type)) continue
      if (["radio", "checkbox"].includes(field.type)) field.checked = Boolean(typed?.includes(field.value))
      else if (field.options) for (const option of field.options) option.selected = Boolean(typed?.includes(option.value))
      else if (typed?.length) field.value = typed.shift()
    }
  }

  // What this browser still has of this page and the server does not know.
  const restore = () => {
    const copy = copies.read(path)
    if (!copy) return
    if (copy.sequence <= newest) return copies.forget(path)
    newest = copy.sequence
    if (JSON.stringify(copy.fields) !== JSON.stringify(fields())) {
      fill(copy.fields) // before "pageshow", when the GOV.UK components look which answers are chosen
      const note = document.querySelector("[data-draft-restored]")
      note.textContent = `We have put back what you typed here at ${clock(copy.at)}. Check it and save.`
      note.hidden = false
    }
    changed = next()
    send()
  }

  form.addEventListener("input", touch)
  form.addEventListener("reset", () => setTimeout(touch))
  form.addEventListener("submit", () => {
    mark(form)
    remember() // if the save does not arrive, it is put back
    finish()
  })
  document.querySelector("form[data-draft-discard]")?.addEventListener("submit", (event) => {
    mark(event.target)
    finish()
    copies.forget(path)
  })
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave())
  window.addEventListener("pagehide", leave)
  window.addEventListener("online", send)
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && finished) window.location.reload() // a page that was saved is shown as it is stored now
  })
  restore()
  return { leave, finish }
}

// The words are shown each time, and read out only when the state changes.
function teller() {
  const words = document.querySelector("[data-draft-words]")
  const announced = document.querySelector("[data-draft-announce]")
  let state = ""
  return (now, text) => {
    if (words) words.textContent = text
    if (announced && now !== state) announced.textContent = text
    state = now
  }
}

// As everywhere in the service: 3:42pm.
function clock(time) {
  const form = { hour: "numeric", minute: "2-digit", hourCycle: "h12", timeZone: "Europe/London" }
  return new Intl.DateTimeFormat("en-GB", form).format(time).replace(/\s/, "").toLowerCase()
}
